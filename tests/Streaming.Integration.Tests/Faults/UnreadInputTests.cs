using System.Text.Json;
using Streaming.Faults.Engine;

namespace Streaming.Integration.Tests.Faults;

/// <summary>Shards that stand before the end of their input, whatever they say of their lag.</summary>
public sealed class UnreadInputTests
{
    // By their own account both are at their end.
    private const string Status = """
        {"shards":[
        {"partition":0,"status":{"phase":"running","lagEvents":0,"committed":{"events":120,"links":-1,"control":1}}},
        {"partition":1,"status":{"phase":"running","lagEvents":0,"committed":{"events":80,"links":5,"control":1}}}]}
        """;

    private static async Task<List<string>> StandingAsync(long records, params PartitionEnd[] ends)
    {
        using var status = JsonDocument.Parse(Status);
        return await new UnreadInput(_ => Task.FromResult(ends.ToList()), (_, _, _) => Task.FromResult(records), "events").StandingAsync(status.RootElement, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Shards_past_their_end_do_not_stand() => Assert.Empty(await StandingAsync(1, new("events", 0, 120, 120), new("events", 1, 80, 80), new("links", 0, 0, 0), new("links", 1, 5, 5)));

    [Fact]
    public async Task Markers_behind_the_last_record_are_no_input() => Assert.Empty(await StandingAsync(0, new("events", 0, 121, 121), new("events", 1, 82, 82)));

    [Fact]
    public async Task Shard_whose_reader_stands_is_named() => Assert.Equal(
        "shard 1 (running) has committed events up to 80, 20 records behind it are not consumed",
        Assert.Single(await StandingAsync(20, new("events", 0, 120, 120), new("events", 1, 100, 100))));

    [Fact]
    public async Task Links_count_as_well() => Assert.StartsWith("shard 0 (running) has committed links up to 0, 3 records", Assert.Single(await StandingAsync(3, new("events", 0, 120, 120), new PartitionEnd("links", 0, 3, 3))));

    [Fact]
    public async Task Tail_behind_an_open_transaction_is_no_end() => Assert.EndsWith(
        ", and 15 more lie behind an open transaction at 120", Assert.Single(await StandingAsync(0, new PartitionEnd("events", 0, 135, 120))));

    [Fact]
    public async Task Absent_shard_is_named() => Assert.StartsWith("shard 2 (absent) has committed events up to 0, 9 records", Assert.Single(await StandingAsync(9, new PartitionEnd("events", 2, 9, 9))));
}
