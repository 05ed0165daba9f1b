using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Host.Bench;
using Streaming.Snapshots.Cassandra;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Cli;

/// <summary><c>bench flush</c>.</summary>
internal static class BenchFlushCli
{
    /// <summary>The command.</summary>
    public static ExampledCommand Create()
    {
        var command = new ExampledCommand("flush", "Rows a second of flushes through the engine's store, beside the plain insert of the same bytes by the bare driver, flush by flush.",
            "streaming bench flush --rows 1000000 --store cassandra:localhost:9042 --json");
        var rows = new Option<long>("--rows") { Description = "Rows to write at least.", HelpName = "N", Required = true };
        var store = BenchStoreOption.Create();
        var users = new Option<int>("--users") { Description = "Users whose rows are written, again and again.", HelpName = "N", DefaultValueFactory = _ => 200_000 };
        var perFlush = new Option<int>("--events-per-flush") { Description = "Events a flush (at most 400,000); each user touched by one of them is a row.", HelpName = "N", DefaultValueFactory = _ => 16_000 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the draw.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[rows, store, users, perFlush, seed, json]) command.Options.Add(option);
        var settings = new SettingsOptions(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var snapshot = settings.Load(parsed);
            if (snapshot.ErrorsFor("Sqlite", "Cassandra") is { Count: > 0 } wrong) return CommandFailure.Print(console.Error, wrong);
            var options = new FlushBenchOptions
            {
                Rows = parsed.GetValue(rows), Store = parsed.GetValue(store)!, Users = parsed.GetValue(users), EventsPerFlush = parsed.GetValue(perFlush), Seed = parsed.GetValue(seed),
                Sqlite = snapshot.Get<SqliteOptions>(), Cassandra = snapshot.Get<CassandraOptions>(),
            };
            if (options.Rows < 1 || options.Users < 1 || options.EventsPerFlush is < 4 or > 400_000)
            {
                await console.Error.WriteLineAsync("--rows and --users must be 1 or more, --events-per-flush 4 to 400000.");
                return ExitCode.Usage;
            }

            if (BenchStore.Wrong(options.Store) is { } error)
            {
                await console.Error.WriteLineAsync(error);
                return ExitCode.Usage;
            }

            var result = await new FlushBench(options, console.Error).RunAsync(cancellation);
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.Rows} rows of {result.Bytes / result.Rows} bytes and {result.DueEntries} due entries in {result.Flushes} flushes: {result.RowsPerSecond:N0} rows/s; plain insert of the same rows {result.PlainRowsPerSecond:N0}/s: {result.Ratio:P0} of it."));
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Write(Utf8JsonWriter json, FlushBenchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("rows", result.Rows);
        json.WriteNumber("flushes", result.Flushes);
        json.WriteNumber("bytes", result.Bytes);
        json.WriteNumber("dueEntries", result.DueEntries);
        json.WriteNumber("rowsPerSecond", Math.Round(result.RowsPerSecond));
        json.WriteNumber("plainRowsPerSecond", Math.Round(result.PlainRowsPerSecond));
        json.WriteNumber("ratio", Math.Round(result.Ratio, 3));
        json.WriteEndObject();
    }
}
