using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Host.Bench;
using Streaming.Kafka;

namespace Streaming.Host.Cli;

/// <summary><c>bench</c>: one question each.</summary>
internal static class BenchCli
{
    /// <summary>The command with its benchmarks.</summary>
    public static Command Create() => new ExampledCommand("bench", "Measures one thing each.", "streaming bench fold --kafka localhost:9092 --topic bench --events 3000000 --json")
    {
        Fold(), Memory(), Recall(),
        BenchLatencyCli.Create(), BenchRecommendCli.Create(), BenchScoreCli.Create(), BenchHttpCli.Create(), BenchStartCli.Create(), BenchRestartCli.Create(), BenchGrowthCli.Create(), BenchFlushCli.Create(), BenchNodesCli.Create(),
    };

    private static ExampledCommand Fold()
    {
        var command = new ExampledCommand("fold", "Folds the events of a topic: recommendations off, exactly once, state durable; from the first record folded to the end of every shard readable by another process.",
            "streaming bench fold --kafka localhost:9092 --topic bench --events 3000000 --shards 4 --json");
        var events = new Option<long>("--events") { Description = "Events to fold; the topic holds at least as many.", HelpName = "N", Required = true };
        var shards = new Option<int>("--shards") { Description = "Shards; the topic has as many partitions.", HelpName = "N", DefaultValueFactory = _ => 4 };
        var topic = new Option<string>("--topic") { Description = "Topic with the events, written before.", HelpName = "T", Required = true };
        var ceiling = new Option<bool>("--ceiling") { Description = "First reads the same topic and does nothing with it: the rate that folding is held against." };
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[events, shards, topic, ceiling, json]) command.Options.Add(option);
        var settings = RunCommandOptions.KafkaAloneOn(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var snapshot = settings.Load(parsed);
            if (snapshot.ErrorsFor("Kafka") is { Count: > 0 } wrong) return CommandFailure.Print(console.Error, wrong);
            if (parsed.GetValue(events) < 1 || parsed.GetValue(shards) < 1)
            {
                await console.Error.WriteLineAsync("--events and --shards must be 1 or more.");
                return ExitCode.Usage;
            }

            var options = new FoldBenchOptions { Kafka = snapshot.Get<KafkaOptions>().BootstrapServers, Topic = parsed.GetValue(topic)!, Events = parsed.GetValue(events), Shards = parsed.GetValue(shards), Ceiling = parsed.GetValue(ceiling) };
            var result = await new FoldBench(options).RunAsync(cancellation);
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.Events} events of {result.Users} users in {result.Seconds:0.00} s: {result.EventsPerSecond:N0}/s, {result.ProcessorSeconds * 1e6 / result.Events:0.00} µs of processor and {result.AllocatedBytesPerEvent:0.0} bytes allocated an event, peak {result.PeakRssMiB:0} MiB."));
            if (result.CeilingEventsPerSecond is { } most)
                await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Read and nothing else: {most:N0}/s; folded at {result.EventsPerSecond / most:P0} of it."));
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return ExitCode.Done;
        }));
        return command;
    }

    private static ExampledCommand Memory()
    {
        var command = new ExampledCommand("memory", "What resident users cost in memory and on disk: a population drawn as the fold benchmark's is folded without broker and store, and the heap is measured.",
            "streaming bench memory --users 1000000 --objects 5000 --json");
        var users = new Option<int>("--users") { Description = "Users of the population.", HelpName = "N", Required = true };
        var events = new Option<int>("--events-per-user") { Description = "Events a user on average.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var shards = new Option<int>("--shards") { Description = "Shards.", HelpName = "N", DefaultValueFactory = _ => 4 };
        var objects = new Option<int>("--objects") { Description = "Profiles of one shard kept as objects (Shard:MaxResidentUsers); the others stay as packed rows.", HelpName = "N", DefaultValueFactory = _ => 5_000 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the draw.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[users, events, shards, objects, seed, json]) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var options = new MemoryBenchOptions
            {
                Users = parsed.GetValue(users), EventsPerUser = parsed.GetValue(events), Shards = parsed.GetValue(shards), Objects = parsed.GetValue(objects), Seed = parsed.GetValue(seed),
            };
            if (options.Users < 1 || options.EventsPerUser < 1 || options.Shards < 1 || options.Objects < 100)
            {
                await console.Error.WriteLineAsync("--users, --events-per-user and --shards must be 1 or more, --objects 100 or more.");
                return ExitCode.Usage;
            }

            var result = await new MemoryBench(options).RunAsync(cancellation);
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.Users} users, {result.Events} events: {result.BytesPerUser:0} bytes a user, {result.GiBPerMillionUsers:0.00} GiB a million, with {result.ObjectUsers} as objects and {result.CompactUsers} as packed rows"));
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"packed row {result.BytesPerCompactUser:0} bytes, object {result.BytesPerObjectUser:0} bytes a user; on disk {result.RowBytes:0} bytes: {result.RowBytesSmall:0} of the {result.SmallShare:P1} whose ring holds all actions, {result.RowBytesLarge:0} of the others"));
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Write(Utf8JsonWriter json, MemoryBenchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("users", result.Users);
        json.WriteNumber("events", result.Events);
        json.WriteNumber("bytesPerUser", Math.Round(result.BytesPerUser));
        json.WriteNumber("gibPerMillionUsers", Math.Round(result.GiBPerMillionUsers, 3));
        json.WriteNumber("objectUsers", result.ObjectUsers);
        json.WriteNumber("compactUsers", result.CompactUsers);
        json.WriteNumber("bytesPerCompactUser", Math.Round(result.BytesPerCompactUser));
        json.WriteNumber("bytesPerObjectUser", Math.Round(result.BytesPerObjectUser));
        json.WriteNumber("smallShare", Math.Round(result.SmallShare, 4));
        json.WriteNumber("rowBytes", Math.Round(result.RowBytes));
        json.WriteNumber("rowBytesSmall", Math.Round(result.RowBytesSmall));
        json.WriteNumber("rowBytesLarge", Math.Round(result.RowBytesLarge));
        json.WriteEndObject();
    }

    private static ExampledCommand Recall()
    {
        var command = new ExampledCommand("recall", "Session neighbours of one user over an index of many sessions, and the exact scan of item vectors beside a plain sum over the same bytes.",
            "streaming bench recall --sessions 1000000 --json");
        var sessions = new Option<int>("--sessions") { Description = "Sessions in the index.", HelpName = "N", Required = true };
        var items = new Option<int>("--items") { Description = "Distinct items of the sessions.", HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var queries = new Option<int>("--queries") { Description = "Users asked for, one after another.", HelpName = "N", DefaultValueFactory = _ => 5_000 };
        var vectors = new Option<int>("--vectors") { Description = "Items with a vector of 64 floats.", HelpName = "N", DefaultValueFactory = _ => 1_000_000 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the draw.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[sessions, items, queries, vectors, seed, json]) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var options = new RecallBenchOptions
            {
                Sessions = parsed.GetValue(sessions), Items = parsed.GetValue(items), Queries = parsed.GetValue(queries), Vectors = parsed.GetValue(vectors), Seed = parsed.GetValue(seed),
            };
            if (options.Sessions < 1 || options.Items < 1 || options.Queries < 1 || options.Vectors < 1)
            {
                await console.Error.WriteLineAsync("--sessions, --items, --queries and --vectors must be 1 or more.");
                return ExitCode.Usage;
            }

            var result = new RecallBench(options).Run(cancellation);
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.Sessions} sessions: neighbours of a user p50 {result.Neighbours.P50:0.000} ms, p90 {result.Neighbours.P90:0.000} ms, p99 {result.Neighbours.P99:0.000} ms; all sources p50 {result.Recall.P50:0.000} ms, p99 {result.Recall.P99:0.000} ms."));
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.Vectors} vectors, exact: by vectors {result.ScanVectors.Ms:0.00} ms, plain sum of the same bytes {result.ScanVectors.FloorMs:0.00} ms ({result.ScanVectors.Share:P0}); by bytes {result.ScanBytes.Ms:0.00} ms, plain sum {result.ScanBytes.FloorMs:0.00} ms ({result.ScanBytes.Share:P0})."));
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Write(Utf8JsonWriter json, RecallBenchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("sessions", result.Sessions);
        json.WriteNumber("neighboursP50Ms", Math.Round(result.Neighbours.P50, 4));
        json.WriteNumber("neighboursP90Ms", Math.Round(result.Neighbours.P90, 4));
        json.WriteNumber("neighboursP99Ms", Math.Round(result.Neighbours.P99, 4));
        json.WriteNumber("recallP50Ms", Math.Round(result.Recall.P50, 4));
        json.WriteNumber("recallP99Ms", Math.Round(result.Recall.P99, 4));
        json.WriteNumber("vectors", result.Vectors);
        json.WriteNumber("scanMs", Math.Round(result.ScanVectors.Ms, 3));
        json.WriteNumber("sumMs", Math.Round(result.ScanVectors.FloorMs, 3));
        json.WriteNumber("scanShare", Math.Round(result.ScanVectors.Share, 3));
        json.WriteNumber("byteScanMs", Math.Round(result.ScanBytes.Ms, 3));
        json.WriteNumber("byteSumMs", Math.Round(result.ScanBytes.FloorMs, 3));
        json.WriteNumber("byteScanShare", Math.Round(result.ScanBytes.Share, 3));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FoldBenchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("events", result.Events);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
        json.WriteNumber("eventsPerSecond", Math.Round(result.EventsPerSecond));
        json.WriteNumber("allocatedBytesPerEvent", Math.Round(result.AllocatedBytesPerEvent, 2));
        json.WriteNumber("peakRssMiB", Math.Round(result.PeakRssMiB, 1));
        json.WriteString("stateHash", result.StateHash);
        json.WriteNumber("users", result.Users);
        json.WriteNumber("processorMicrosecondsPerEvent", Math.Round(result.ProcessorSeconds * 1e6 / result.Events, 3));
        if (result.CeilingEventsPerSecond is { } ceiling) json.WriteNumber("ceilingEventsPerSecond", Math.Round(ceiling));
        json.WriteEndObject();
    }
}
