using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Core.Shard;
using Streaming.Host.Bench;
using Streaming.Kafka;
using Streaming.Snapshots.Cassandra;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Cli;

/// <summary><c>bench restart</c>.</summary>
internal static class BenchRestartCli
{
    /// <summary>The command.</summary>
    public static ExampledCommand Create()
    {
        var command = new ExampledCommand("restart", "A restart with users in the store and a gap of events: until the first recommendation can be read and until no event is left, beside the plain read of the rows and of the gap.",
            "streaming bench restart --users 1000000 --gap 1000000 --kafka localhost:9092 --store cassandra:localhost:9042 --json");
        var users = new Option<int>("--users") { Description = "Users with a row in the store.", HelpName = "N", Required = true };
        var gap = new Option<long>("--gap") { Description = "Events of the gap.", HelpName = "M", Required = true };
        var undurable = new Option<bool>("--undurable") { Description = "The gap was folded and committed before the stop, but is not in the store: it is replayed. Without: nobody has read it." };
        var perUser = new Option<int>("--events-per-user") { Description = "Events a user before the stop, on average.", HelpName = "N", DefaultValueFactory = _ => 5 };
        var shards = new Option<int>("--shards") { Description = "Shards.", HelpName = "N", DefaultValueFactory = _ => 4 };
        var items = new Option<int>("--items") { Description = "Items of the catalogue, each with a vector.", HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var sessions = new Option<int>("--sessions") { Description = "Closed sessions in the item index.", HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the draws.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var store = BenchStoreOption.Create();
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[users, gap, store, undurable, perUser, shards, items, sessions, seed, json]) command.Options.Add(option);
        var settings = RunCommandOptions.KafkaAloneOn(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var snapshot = settings.Load(parsed);
            if (snapshot.ErrorsFor("Kafka", "Sqlite", "Cassandra", "Shard") is { Count: > 0 } wrong) return CommandFailure.Print(console.Error, wrong);
            var options = new RestartBenchOptions
            {
                Users = parsed.GetValue(users), Gap = parsed.GetValue(gap), IsUndurable = parsed.GetValue(undurable), EventsPerUser = parsed.GetValue(perUser), Shards = parsed.GetValue(shards),
                Items = parsed.GetValue(items), Sessions = parsed.GetValue(sessions), Seed = parsed.GetValue(seed), Store = parsed.GetValue(store)!,
                Kafka = snapshot.Get<KafkaOptions>(), Shard = snapshot.Get<ShardOptions>(), Sqlite = snapshot.Get<SqliteOptions>(), Cassandra = snapshot.Get<CassandraOptions>(),
            };
            if (Wrong(options) is { } error)
            {
                await console.Error.WriteLineAsync(error);
                return ExitCode.Usage;
            }

            var result = await new RestartBench(options, console.Error).RunAsync(cancellation);
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.Users} users, gap of {result.GapEvents} events of {result.GapUsers} users: taken over after {result.TakenOverSeconds:0.00} s, first recommendation after {result.FirstOutputSeconds:0.00} s, caught up after {result.CaughtUpSeconds:0.00} s."));
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Plain read of the rows {result.BulkReadSeconds:0.00} s, of the gap {result.GapReadSeconds:0.00} s: {result.Ratio:0.00} times both together."));
            if (!result.IsConsistent) await console.Error.WriteLineAsync("The first recommendation, a row or the number of events in the profiles is not what the log says.");
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return result.IsConsistent ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    private static string? Wrong(RestartBenchOptions options)
    {
        if (options.Users < 1 || options.Gap < 1 || options.EventsPerUser < 1 || options.Items < 1 || options.Sessions < 0) return "--users, --gap, --events-per-user and --items must be 1 or more, --sessions 0 or more.";
        if (options.Shards is < 1 or > 256) return "--shards must be 1 to 256.";
        return BenchStore.Wrong(options.Store);
    }

    private static void Write(Utf8JsonWriter json, RestartBenchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("users", result.Users);
        json.WriteNumber("gapEvents", result.GapEvents);
        json.WriteNumber("gapUsers", result.GapUsers);
        json.WriteNumber("takenOverSeconds", Math.Round(result.TakenOverSeconds, 3));
        json.WriteNumber("firstOutputSeconds", Math.Round(result.FirstOutputSeconds, 3));
        json.WriteNumber("caughtUpSeconds", Math.Round(result.CaughtUpSeconds, 3));
        json.WriteNumber("bulkReadSeconds", Math.Round(result.BulkReadSeconds, 3));
        json.WriteNumber("gapReadSeconds", Math.Round(result.GapReadSeconds, 3));
        json.WriteNumber("ratio", Math.Round(result.Ratio, 3));
        json.WriteBoolean("consistent", result.IsConsistent);
        json.WriteEndObject();
    }
}
