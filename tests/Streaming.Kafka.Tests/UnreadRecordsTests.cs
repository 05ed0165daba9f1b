using Streaming.Core.Shard;

namespace Streaming.Kafka.Tests;

/// <summary>What is committed in partitions where other shards write too, until it can be read.</summary>
public sealed class UnreadRecordsTests
{
    private const long Never = 3_600_000;
    private const int GraceMs = 200;
    private const int LimitMs = 60_000;

    [Fact]
    public void Commit_waits_for_the_partitions_it_writes_to_until_their_stable_ends_pass_the_last_record()
    {
        var unread = new UnreadRecords(Never);
        Assert.True(unread.IsEmpty);
        unread.Add(Links(0, 4));
        unread.Add(Links(0, 7)); // stands for the first too
        unread.Add(Links(1, 3));
        Assert.False(unread.IsEmpty);
        Assert.Equal([("t-links", 0), ("t-links", 1)], unread.Places);
        Assert.True(unread.HasAny([(OutputTopic.Events, 1), (OutputTopic.Links, 0)]));
        Assert.False(unread.HasAny([(OutputTopic.Events, 0), (OutputTopic.Links, 2)]));

        Assert.Empty(unread.Look([7, 4])); // the end is the offset behind the last that can be read
        Assert.Equal([("t-links", 0)], unread.Places);
        Assert.False(unread.HasAny([(OutputTopic.Links, 1)]));
        Assert.Empty(unread.Look([8]));
        Assert.True(unread.IsEmpty);
        Assert.False(unread.IsDue);
    }

    [Fact]
    public async Task Record_is_overdue_once_its_grace_has_passed_and_gets_as_long_again()
    {
        var unread = new UnreadRecords(GraceMs);
        var since = Environment.TickCount64;
        unread.Add(Links(0, 4));
        unread.Add(Links(1, 2));
        Assert.Equal([Links(0, 4)], await LookUntilOverdueAsync(unread, [4, 3])); // of the second the transaction before it has ended
        Assert.Equal([("t-links", 0)], unread.Places);
        Assert.InRange(Environment.TickCount64, since + GraceMs, long.MaxValue);
        Assert.Equal([Links(0, 4)], await LookUntilOverdueAsync(unread, [4]));
        Assert.InRange(Environment.TickCount64, since + (2 * GraceMs), long.MaxValue);
    }

    [Fact]
    public void Take_over_forgets_all()
    {
        var unread = new UnreadRecords(0);
        unread.Add(Links(0, 4));
        Assert.Equal([Links(0, 4)], unread.Look([4]));
        unread.Clear();
        Assert.True(unread.IsEmpty);
        Assert.Empty(unread.Look([]));
        Assert.False(unread.HasAny([(OutputTopic.Links, 0)]));
    }

    // However slow the machine is, no record is overdue before its time.
    private static async Task<IReadOnlyList<WrittenTo>> LookUntilOverdueAsync(UnreadRecords unread, long[] stableEnds)
    {
        for (var until = Environment.TickCount64 + LimitMs; Environment.TickCount64 < until;)
        {
            if (unread.Look(stableEnds[..unread.Places.Count]) is { Count: > 0 } overdue) return overdue;
            await Task.Delay(GraceMs / 10, TestContext.Current.CancellationToken);
        }

        return [];
    }

    private static WrittenTo Links(int partition, long offset) => new(OutputTopic.Links, "t-links", partition, offset);
}
