using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Host.Audit;
using Streaming.Host.Engine;
using Streaming.Kafka;
using Streaming.Kafka.Topics;

namespace Streaming.Host.Cli;

/// <summary><c>audit</c> on the command line.</summary>
internal static class AuditCli
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("audit", "Reads the topics from their start with a slow reference fold and compares stored profiles and outputs with it; exit code 1 where anything is lost, doubled, invented or different.",
            "streaming audit --kafka localhost:9092 --store sqlite:./streaming-data --json");
        var json = CommonOptions.Json();
        command.Options.Add(json);
        var stateHash = new Option<bool>("--state-hash") { Description = "Also prints a hash over all stored profiles: two runs of the same input have the same one." };
        command.Options.Add(stateHash);
        var sameSettings = new Option<bool>("--same-settings") { Description = "The whole log was written under the Churn and Decode settings given: also asks for every alert that was due, and judges dead letters by limits." };
        command.Options.Add(sameSettings);
        var settings = RunCommandOptions.KafkaAndStoreOn(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var snapshot = settings.Load(parsed);
            if (snapshot.ErrorsFor("Kafka", "Store", "Sqlite", "Cassandra", "Shard", "Churn", "Decode") is { Count: > 0 } wrong) return CommandFailure.Print(console.Error, wrong);
            using var loggers = Logging.ToStandardError(snapshot);
            var (kafka, shard) = (snapshot.Get<KafkaOptions>(), snapshot.Get<ShardOptions>());
            await using var source = new KafkaRecordSource(kafka, loggers);
            await using var store = await StoreFactory.OpenUsedAsync(snapshot, loggers, cancellation);
            var isSame = parsed.GetValue(sameSettings);
            var options = new AuditOptions
            {
                Topics = kafka.Topics,
                RecommendDebounce = shard.RecommendDebounce,
                Recommend = shard.Recommend,
                Churn = isSame ? snapshot.Get<ChurnOptions>() : null,
                Decode = isSame ? snapshot.Get<DecodeOptions>() : null,
            };
            var line = ProgressLine.On(console.Error);
            var progress = new Inline<AuditProgress>(p => line.Show($"{p.Stage}, partition {p.Partition + 1} of {p.Partitions}", p.Events, "events", p.Seconds, null));
            var result = await new AuditCommand(source, store, new StoreVectorTables(store), TimeProvider.System).RunAsync(options, progress, cancellation);
            line.Close();
            Print(console.Error, result);
            var hash = parsed.GetValue(stateHash) ? await HashAsync(store, cancellation) : null;
            if (hash is not null) console.Error.WriteLine($"state hash {hash.All} over {hash.Users} profiles; without vectors {hash.WithoutVectors}");
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result, hash)));
            return result.Consistent ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    private static async Task<StateHash> HashAsync(ISnapshotStore store, CancellationToken cancellation)
    {
        var record = await store.ReadBlobAsync(KafkaTopics.BlobName, cancellation);
        if (record is null || TopologyRecord.FromBytes(record) is not { } topology) throw new TopologyMismatchException($"{store.Description} holds no record of the topics it belongs to");
        return await StateHash.ComputeAsync(store, topology.Partitions, cancellation);
    }

    private static void Print(TextWriter error, AuditResult result)
    {
        if (result.NotAuditable is { } reason) error.WriteLine(reason);
        foreach (var problem in result.Problems) error.WriteLine(problem);
        foreach (var warning in result.Warnings) error.WriteLine("warning: " + warning);
        error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Events} events, {result.Users} users, {result.DeadLetters} dead letters: {result.Lost} lost, {result.Duplicated} duplicated, {result.Phantom} phantom, {result.StateMismatches} state mismatches."));
    }

    private static void Write(Utf8JsonWriter json, AuditResult result, StateHash? hash)
    {
        json.WriteStartObject();
        json.WriteNumber("events", result.Events);
        json.WriteNumber("ownErases", result.OwnErases);
        json.WriteNumber("users", result.Users);
        json.WriteNumber("lost", result.Lost);
        json.WriteNumber("duplicated", result.Duplicated);
        json.WriteNumber("phantom", result.Phantom);
        json.WriteNumber("stateMismatches", result.StateMismatches);
        json.WriteBoolean("consistent", result.Consistent);
        json.WriteNumber("deadLetters", result.DeadLetters);
        if (result.NotAuditable is { } reason) json.WriteString("notAuditable", reason);
        if (hash is not null)
        {
            json.WriteString("stateHash", hash.All);
            json.WriteString("stateHashWithoutVectors", hash.WithoutVectors);
        }

        json.WriteEndObject();
    }
}
