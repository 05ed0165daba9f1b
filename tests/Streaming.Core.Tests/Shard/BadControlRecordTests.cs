using System.Text;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

/// <summary>Anybody may write a request to <c>control</c>, and may get it wrong: what cannot be read or asks for nothing is counted and left out, and stops no shard.</summary>
[Collection("control records")]
public sealed class BadControlRecordTests
{
    private const string Bad = "streaming_bad_control_records_total";

    /// <summary>Half of a surrogate pair is well-formed JSON, and the reader throws another exception at it than at malformed text.</summary>
    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"\udc00kind":"batch"}""")]
    [InlineData("""{"kind":"\ud800x"}""")]
    [InlineData("""{"kind":"batch\udc00"}""")]
    [InlineData("""{"kind":"request","requestId":"\ud800","type":"pause","value":"offers"}""")]
    [InlineData("""{"kind":"request","requestId":"q","type":"pause","value":"offers","\ud800":1}""")]
    public async Task Record_with_half_of_a_surrogate_pair_is_counted_and_stops_no_shard(string record)
    {
        using var bad = new Counted(Bad);
        var bytes = Encoding.UTF8.GetBytes(record);
        Assert.Null(ControlJson.ReadBatch(bytes));
        Assert.Null(ControlJson.ReadTable(bytes));
        Assert.Null(ControlJson.ReadRepair(bytes));
        Assert.Null(ControlJson.ReadRequest(bytes));
        Assert.True(bad.Value > 0, "not counted");
        await AssertStopsNoShardAsync(record);
    }

    [Theory]
    [InlineData("pause", "")]
    [InlineData("pause", ",\"value\":null")]
    [InlineData("resume", "")]
    [InlineData("resume", ",\"value\":null")]
    public async Task Request_that_names_no_topic_is_counted_and_stops_no_shard(string type, string value)
    {
        using var bad = new Counted(Bad);
        await AssertStopsNoShardAsync($$"""{"kind":"request","requestId":"q","type":"{{type}}"{{value}}}""");
        Assert.True(bad.Value > 0, "not counted");
    }

    [Theory]
    [InlineData("""{"kind":"request","requestId":null,"type":"pause","value":"recommendations"}""")]
    [InlineData("""{"kind":"request","requestId":"","type":"pause","value":"recommendations"}""")]
    [InlineData("""{"kind":"request","requestId":"b","type":null,"value":"recommendations"}""")]
    [InlineData("""{"kind":"request","requestId":"c","type":"unheard of","value":"recommendations"}""")]
    public async Task Request_without_a_name_or_of_no_known_type_stops_no_shard(string record) => await AssertStopsNoShardAsync(record);

    /// <summary>The store has the table too: one of <c>control</c> that cannot be used is left out.</summary>
    [Theory]
    [InlineData("""{"kind":"table","sha256":null,"bytes":"AA=="}""")]
    [InlineData("""{"kind":"table","sha256":"00","bytes":null}""")]
    public async Task Table_without_a_name_or_without_bytes_stops_no_shard(string record) => await AssertStopsNoShardAsync(record);

    /// <summary>Versions before took such a request for a fact and committed it: their log is still to be read.</summary>
    [Theory]
    [InlineData(FactTypes.Pause)]
    [InlineData(FactTypes.Resume)]
    public void Fact_of_an_earlier_version_that_names_no_topic_changes_nothing(string type)
    {
        var memory = new ShardMemory(new ItemDictionary(), 8, new ShardOptions());
        new FactFold(memory).Apply(new ControlFact { Type = type, Before = 0, RequestId = "q" }, 1, null!);
        Assert.Empty(memory.State.Paused);
        Assert.Equal(["q"], memory.State.AppliedRequests);
    }

    /// <summary>A record that calls itself a shard's own and lacks what such a one holds: what was consumed cannot be known, and the error says so.</summary>
    [Theory]
    [InlineData("""{"kind":"batch","sequence":1,"eventsFrom":0,"eventsTo":1,"linksFrom":0,"linksTo":0,"controlTo":0,"facts":[null]}""")]
    [InlineData("""{"kind":"batch","sequence":1,"eventsFrom":0,"eventsTo":1,"linksFrom":0,"linksTo":0,"controlTo":0,"facts":[{"type":"table","before":0,"value":"additive"}]}""")]
    [InlineData("""{"kind":"batch","sequence":1,"eventsFrom":0,"eventsTo":1,"linksFrom":0,"linksTo":0,"controlTo":0,"facts":[{"type":"settings","before":0}]}""")]
    [InlineData("""{"kind":"batch","sequence":1,"eventsFrom":0,"eventsTo":1,"linksFrom":0,"linksTo":0,"controlTo":0,"facts":[{"type":"alert","before":0,"episode":3}]}""")]
    [InlineData("""{"kind":"repair","transaction":1,"places":[null],"isDone":false}""")]
    [InlineData("""{"kind":"repair","transaction":1,"places":[{"topic":"Offers","partition":0,"from":0,"to":1,"timeMs":1}],"isDone":false}""")]
    public async Task Record_of_the_shard_s_own_kind_that_lacks_what_it_must_hold_is_refused(string record)
    {
        var h = new ShardHarness();
        h.Kafka.Append("control", "0", record, 0);
        h.Kafka.Append("events", "u1", $$"""{"eventId":"e","type":"view","userId":"u1","itemId":"i1","occurredAt":{{h.Kafka.NowMs}}}""");
        await using var shard = await h.OpenAsync();
        await Assert.ThrowsAsync<CorruptRowException>(async () => await shard.TakeOverAsync(TestContext.Current.CancellationToken));
    }

    // The owner folds what stands beside the record and makes it durable; so does the next one, and a replay into an empty store.
    private static async Task AssertStopsNoShardAsync(string record)
    {
        var h = new ShardHarness();
        h.Kafka.Append("control", "0", record, 0);
        h.Kafka.Append("control", "0", """{"kind":"request","requestId":"good","type":"pause","value":"recommendations"}""", 0);
        for (var n = 1; n <= 2; n++)
        {
            h.Kafka.Append("events", "u1", $$"""{"eventId":"e{{n}}","type":"view","userId":"u1","itemId":"i1","occurredAt":{{h.Kafka.NowMs}}}""");
            await using var shard = await h.OpenAsync();
            Assert.Equal(0, await h.RunToEndAsync(shard));
            Assert.Equal(n, (await h.StoredAsync(UserKey.User("u1")))!.EventCount);
        }

        Assert.Equal(["good"], h.Kafka.Batches().SelectMany(b => b.Facts ?? []).Where(f => f.RequestId is not null).Select(f => f.RequestId));
        Assert.Empty(h.Kafka.CommittedAll("recommendations"));
        var replay = h.WithEmptyStore();
        await using var again = await replay.OpenAsync();
        await replay.RunToEndAsync(again);
        Assert.Equal(await h.ProfilesAsync(), await replay.ProfilesAsync());
    }
}
