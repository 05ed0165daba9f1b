using Streaming.Faults.Engine;

namespace Streaming.Integration.Tests.Faults;

/// <summary>Which open transactions fail a case: those that time does not end.</summary>
public sealed class OpenTransactionsTests
{
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(1), Long = TimeSpan.FromMinutes(5), Short = TimeSpan.FromSeconds(2);

    private static async Task<(IReadOnlyList<PartitionEnd> Hanging, TimeSpan Waited)> EndAsync(Func<int, PartitionEnd> at, TimeSpan limit)
    {
        var asked = 0;
        return await new OpenTransactions(_ => Task.FromResult(new List<PartitionEnd> { new("links", 1, 7, 7), at(asked++) }), () => Allowed).EndAsync(limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Log_at_rest_is_not_waited_for()
    {
        var (hanging, waited) = await EndAsync(_ => new("events", 2, 120, 120), Long);
        Assert.Empty(hanging);
        Assert.Equal(TimeSpan.Zero, waited);
    }

    [Fact]
    public async Task One_that_stays_is_named()
    {
        var (hanging, waited) = await EndAsync(_ => new("events", 2, 120, 100), Long);
        Assert.Equal("events-2 (stable up to 100 of 120)", Assert.Single(hanging).ToString());
        Assert.True(waited > Allowed);
    }

    [Fact]
    public async Task One_that_ends_in_time_is_told_as_a_wait()
    {
        var (hanging, waited) = await EndAsync(asked => new("events", 2, 120, asked == 0 ? 100 : 120), Long);
        Assert.Empty(hanging);
        Assert.True(waited > TimeSpan.Zero);
    }

    [Fact]
    public async Task Each_of_a_sequence_has_its_own_time()
    {
        // Open for longer than one may be, but never the same one.
        var (hanging, _) = await EndAsync(asked => new("events", 2, 120, asked < 4 ? 100 + asked : 120), Long);
        Assert.Empty(hanging);
    }

    [Fact]
    public async Task Sequence_without_an_end_is_given_up() => Assert.Single((await EndAsync(asked => new("events", 2, 120, asked), Short)).Hanging);
}
