using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Host.Bench;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Cli;

/// <summary><c>bench growth</c>.</summary>
internal static class BenchGrowthCli
{
    /// <summary>The command.</summary>
    public static ExampledCommand Create()
    {
        var command = new ExampledCommand("growth", "What an event costs where not all users fit in memory, over SQLite and without a broker, beside its cost where all fit and the plain read and write of the rows that do not.",
            "streaming bench growth --users 10000000 --resident 1000000 --events 5000000 --json");
        var users = new Option<int>("--users") { Description = "Users, each with a row in the store.", HelpName = "N", Required = true };
        var resident = new Option<int>("--resident") { Description = "Users that fit in memory, all shards together.", HelpName = "M", Required = true };
        var events = new Option<long>("--events") { Description = "Events measured.", HelpName = "E", Required = true };
        var objects = new Option<int>("--objects") { Description = "Of those that fit, how many as objects (Shard:MaxResidentUsers); the others are packed (Shard:MaxCompactBytes). 0: all as objects.", HelpName = "N", DefaultValueFactory = _ => 0 };
        var shards = new Option<int>("--shards") { Description = "Shards.", HelpName = "N", DefaultValueFactory = _ => 4 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the draw.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var store = new Option<string>("--store") { Description = "Where the run's own files are made and deleted: sqlite (in the folder of temporary files) or sqlite:DIR.", HelpName = "STORE", DefaultValueFactory = _ => "sqlite" };
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[users, resident, events, objects, shards, store, seed, json]) command.Options.Add(option);
        var settings = new SettingsOptions(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var snapshot = settings.Load(parsed);
            if (snapshot.ErrorsFor("Sqlite") is { Count: > 0 } wrong) return CommandFailure.Print(console.Error, wrong);
            var options = new GrowthBenchOptions
            {
                Users = parsed.GetValue(users), Resident = parsed.GetValue(resident), Events = parsed.GetValue(events), Objects = parsed.GetValue(objects), Shards = parsed.GetValue(shards),
                Seed = parsed.GetValue(seed), Store = parsed.GetValue(store)!, Sqlite = snapshot.Get<SqliteOptions>(),
            };
            if (Wrong(options) is { } error)
            {
                await console.Error.WriteLineAsync(error);
                return ExitCode.Usage;
            }

            var result = await new GrowthBench(options, console.Error).RunAsync(cancellation);
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.Users} users, {result.ResidentUsers} of them in memory, {result.Events} events, {result.MissShare:P1} of them a row read: {result.Event.Microseconds:0.00} µs an event, {result.Event.ProcessorMicroseconds:0.00} µs of processor."));
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Where all fit {result.Hit.Microseconds:0.00} µs ({result.Hit.ProcessorMicroseconds:0.00} of processor); a row plainly read and written {result.MissFloor.Microseconds:0.00} µs ({result.MissFloor.ProcessorMicroseconds:0.00}): {result.Ratio:0.00} times their sum, {result.ProcessorRatio:0.00} by processor time."));
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return ExitCode.Done;
        }));
        return command;
    }

    private static string? Wrong(GrowthBenchOptions options)
    {
        if (options.Users < 1 || options.Events < 1 || options.Objects < 0) return "--users and --events must be 1 or more, --objects 0 or more.";
        if (options.Shards is < 1 or > 256) return "--shards must be 1 to 256.";
        if (options.Resident < 100 * options.Shards) return "--resident must be 100 or more for each shard.";
        return options.Store != "sqlite" && !options.Store.StartsWith("sqlite:", StringComparison.Ordinal) ? "--store must be sqlite or sqlite:DIR." : BenchStore.Wrong(options.Store);
    }

    private static void Write(Utf8JsonWriter json, GrowthBenchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("users", result.Users);
        json.WriteNumber("residentUsers", result.ResidentUsers);
        json.WriteNumber("events", result.Events);
        json.WriteNumber("missShare", Math.Round(result.MissShare, 4));
        json.WriteNumber("microsecondsPerEvent", Math.Round(result.Event.Microseconds, 3));
        json.WriteNumber("hitMicrosecondsPerEvent", Math.Round(result.Hit.Microseconds, 3));
        json.WriteNumber("missFloorMicroseconds", Math.Round(result.MissFloor.Microseconds, 3));
        json.WriteNumber("ratio", Math.Round(result.Ratio, 3));
        json.WriteNumber("processorMicrosecondsPerEvent", Math.Round(result.Event.ProcessorMicroseconds, 3));
        json.WriteNumber("hitProcessorMicrosecondsPerEvent", Math.Round(result.Hit.ProcessorMicroseconds, 3));
        json.WriteNumber("missFloorProcessorMicroseconds", Math.Round(result.MissFloor.ProcessorMicroseconds, 3));
        json.WriteNumber("processorRatio", Math.Round(result.ProcessorRatio, 3));
        json.WriteEndObject();
    }
}
