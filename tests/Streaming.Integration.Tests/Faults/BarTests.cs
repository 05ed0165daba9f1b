using System.Net;
using System.Net.Sockets;
using Streaming.Faults.Engine;
using Streaming.Faults.Programs;
using Streaming.Faults.Resources;

namespace Streaming.Integration.Tests.Faults;

/// <summary>Bars of the harness let pass what is within them and fail what is not.</summary>
public sealed class BarTests
{
    private const string Dearest = "whole life of a shard whose batch holds the dearest poison record, ms";

    [Theory]
    [InlineData(null, 200, 200 + MemoryWatch.MostGrowthMiB)]
    [InlineData("resident memory grew from 200 to 265 MiB, by more than 64", 200, 265)]
    [InlineData("resident memory was not read before the fault", 0, 20)]
    public void Memory_is_bounded(string? finding, double beforeMiB, double mostMiB) => Assert.Equal(finding, MemoryWatch.Finding(beforeMiB, mostMiB));

    [Theory]
    [InlineData(null, $"figure {Dearest}: 999.9")]
    [InlineData($"{Dearest}: 1000.1, more than 1000", $"figure {Dearest}: 1000.1")]
    [InlineData($"no figure was told: {Dearest}", "figure poison records, each in three places of a batch: 46")]
    public void Poison_record_costs_less_than_a_second(string? failure, string line)
    {
        var (figures, failures) = (new Dictionary<string, double>(), new List<string>());
        ProgramList.All.OfType<FigureCase>().Single(c => c.Name == "cost-poison").Judge(["   " + line], figures, failures);
        Assert.Equal(failure is null ? [] : [failure], failures);
    }

    [Theory]
    [InlineData(2, 6)] // 0, 1, 2, 4 and 6 are kept: 3 and 5 are free below 6
    [InlineData(3, 8)]
    [InlineData(0, 0)]
    public void Limit_leaves_so_many_numbers_free(int more, int limit) => Assert.Equal(limit, new OpenFiles(new HashSet<int> { 0, 1, 2, 4, 6 }, new HashSet<int> { 3, 5, 7, 8 }).LimitFor(more));

    [Fact]
    public async Task Connections_to_a_port_are_told_from_all_other_files()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using TcpClient first = new(), second = new();
        await first.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await second.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        var open = OpenFiles.Of(Environment.ProcessId, port);
        Assert.Equal(new HashSet<int> { (int)first.Client.Handle, (int)second.Client.Handle }, open.Connections);
        Assert.Contains((int)listener.Server.Handle, open.Kept);
    }
}
