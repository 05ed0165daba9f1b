using System.Text.Json;
using Streaming.Host.Cli;
using Streaming.Host.Tests.Cli;
using Xunit;

namespace Streaming.Host.Tests.Bench;

/// <summary>Benchmarks run tiny: what they count is held against itself, no time is.</summary>
public sealed class BenchCommandTests
{
    [Theory]
    [InlineData("--rows", "bench", "flush", "--rows", "0")]
    [InlineData("--events-per-flush", "bench", "flush", "--rows", "1", "--events-per-flush", "3")]
    [InlineData("--store", "bench", "flush", "--rows", "1", "--store", "nowhere")]
    [InlineData("--resident", "bench", "growth", "--users", "1000", "--resident", "10", "--events", "1")]
    [InlineData("--store", "bench", "growth", "--users", "1000", "--resident", "400", "--events", "1", "--store", "cassandra:localhost:9042")]
    [InlineData("--gap", "bench", "restart", "--users", "1", "--gap", "0")]
    [InlineData("--store", "bench", "restart", "--users", "1", "--gap", "1", "--store", "sqlite:")]
    [InlineData("Kafka:BootstrapServers", "bench", "restart", "--users", "1", "--gap", "1", "--kafka", "nowhere")]
    public async Task Wrong_value_exits_2_and_names_the_flag(string flag, params string[] arguments)
    {
        var (code, _, error) = await CommandLineTests.RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(flag, error);
    }

    [Fact]
    public async Task Flush_writes_the_rows_asked_for_both_ways_and_leaves_nothing_behind()
    {
        using var folder = new Folder();
        var result = await RunAsync("bench", "flush", "--rows", "900", "--users", "500", "--events-per-flush", "400", "--store", folder.Store, "--json");
        Assert.InRange(Number(result, "rows"), 900, 900 + 500);
        Assert.InRange(Number(result, "flushes"), 2, 20);
        Assert.True(Number(result, "bytes") > 100 * Number(result, "rows"));
        Assert.Equal(Number(result, "rowsPerSecond") / Number(result, "plainRowsPerSecond"), Number(result, "ratio"), 0.05);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("200")]
    public async Task Growth_reads_rows_of_those_who_do_not_fit_and_leaves_nothing_behind(string objects)
    {
        using var folder = new Folder();
        var result = await RunAsync("bench", "growth", "--users", "4000", "--resident", "800", "--events", "6000", "--objects", objects, "--shards", "2", "--store", folder.Store, "--json");
        Assert.Equal(4000, Number(result, "users"));
        Assert.Equal(6000, Number(result, "events"));
        // Of a draw by rank the hottest fifth is meant by sqrt(1/5) of the events; each batch holds more users than fit besides.
        Assert.InRange(Number(result, "missShare"), 0.05, 0.9);
        Assert.InRange(Number(result, "residentUsers"), 1, 4000);
        Assert.True(Number(result, "missFloorMicroseconds") > 0);
        var sum = Number(result, "hitMicrosecondsPerEvent") + (Number(result, "missShare") * Number(result, "missFloorMicroseconds"));
        Assert.Equal(Number(result, "microsecondsPerEvent") / sum, Number(result, "ratio"), 0.05);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Growth_reads_no_row_where_all_fit()
    {
        using var folder = new Folder();
        var result = await RunAsync("bench", "growth", "--users", "400", "--resident", "4000", "--events", "3000", "--shards", "2", "--store", folder.Store, "--json");
        Assert.Equal(0, Number(result, "missShare"));
        Assert.Equal(400, Number(result, "residentUsers"));
    }

    private static async Task<JsonElement> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await CommandLineTests.RunAsync(arguments);
        Assert.True(code == ExitCode.Done, error);
        return JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
    }

    private static double Number(JsonElement result, string name) => result.GetProperty(name).GetDouble();

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("bench-test-").FullName;

        public string Store => "sqlite:" + Path;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
