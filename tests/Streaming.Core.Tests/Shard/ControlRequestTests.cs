using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

/// <summary>What a person may write into <c>control</c>: a record that cannot be read, or lacks what it needs, is counted and left out, and never stops a shard.</summary>
public sealed class ControlRequestTests
{
    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"kind":"\ud800x"}""")]
    [InlineData("""{"kind":"request","requestId":"\ud800","type":"pause","value":"recommendations"}""")]
    [InlineData("""{"kind":"request","requestId":"a","type":"pause"}""")]
    [InlineData("""{"kind":"request","requestId":"a","type":"pause","value":""}""")]
    [InlineData("""{"kind":"request","requestId":null,"type":"pause","value":"recommendations"}""")]
    [InlineData("""{"kind":"request","requestId":"","type":"pause","value":"recommendations"}""")]
    [InlineData("""{"kind":"request","requestId":"b","type":null,"value":"recommendations"}""")]
    [InlineData("""{"kind":"request","requestId":"c","type":"resume"}""")]
    [InlineData("nonsense")]
    public async Task Record_that_is_no_whole_request_stops_neither_this_owner_nor_the_next(string value)
    {
        var h = new ShardHarness();
        h.Kafka.Append("control", "0", value, partition: 0);
        h.Kafka.Append("events", "u1", ShopTraffic.Event("e1", "view", "u1", "i1", h.Kafka.NowMs));
        await using (var shard = await h.OpenAsync()) Assert.Equal(0, await h.RunToEndAsync(shard, maxBatches: 50));
        h.Kafka.Append("events", "u1", ShopTraffic.Event("e2", "view", "u1", "i1", h.Kafka.NowMs));
        await using (var next = await h.OpenAsync()) Assert.Equal(0, await h.RunToEndAsync(next, maxBatches: 50));
        Assert.Equal(2, (await h.StoredAsync(UserKey.User("u1")))?.EventCount);
        Assert.DoesNotContain(h.Kafka.Batches().SelectMany(b => b.Facts ?? []), f => f.RequestId is not null);
    }

    /// <summary>Versions before this took such requests into the log as facts.</summary>
    [Theory]
    [InlineData(FactTypes.Pause)]
    [InlineData(FactTypes.Resume)]
    public void Fact_without_a_topic_pauses_nothing(string type)
    {
        var memory = new ShardMemory(new ItemDictionary(), 8, new ShardOptions());
        new FactFold(memory).Apply(new ControlFact { Type = type, Before = 0, RequestId = "a" }, 1, null!);
        Assert.Empty(memory.State.Paused);
    }
}
