using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Shard;

/// <summary>Two phases of traffic, the second under other settings and tables, and rows damaged between them.</summary>
internal static class UntrustedRows
{
    internal const long Second = ShopTraffic.Start + (90L * 86_400_000);
    private static readonly string[] Topics = ["sessions", "links", "dead-letters", "churn-alerts"];
    private static readonly string[] Ids = ["sessionId", "linkId", "deadLetterId", "alertId"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static StoredRow Damage(StoredRow row, string how) => row with
    {
        Blob = how switch
        {
            "flipped" => Changed(row.Blob!, row.Blob!.Length / 2, b => (byte)(b ^ 0x10)),
            "truncated" => row.Blob![..(row.Blob!.Length / 2)],
            "empty" => [],
            "newer" => Changed(row.Blob!, 1, _ => 99),
            _ => throw new ArgumentOutOfRangeException(nameof(how)),
        },
    };

    internal static async Task<ShardHarness> FirstPhaseAsync(ShardHarness h, int seed)
    {
        h.Churn = new() { Enabled = false }; // whether a check comes due while its user is held back decides about an alert, which is a fact of its own
        Visit(h, "e");
        ShopTraffic.Append(h.Kafka, 150, seed);
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        await shard.HandOffAsync(Cancellation);
        return h;
    }

    internal static async Task SecondPhaseAsync(ShardHarness h, int seed, int sawParked = 0)
    {
        Settings(h);
        Visit(h, "s");
        ShopTraffic.Append(h.Kafka, 150, seed + 1, Second, "s");
        await using var shard = await h.OpenAsync();
        await TakeOverAsync(shard);
        var parked = 0;
        await h.RunToEndAsync(shard, takeOver: false);
        parked = shard.Status.ParkedUsers;
        await h.RunUntilAsync(shard, () => shard.Status.ParkedUsers == 0);
        h.Kafka.OnStep = null;
        await h.RunToEndAsync(shard, takeOver: false);
        await shard.HandOffAsync(Cancellation);
        Assert.True(parked >= sawParked, "nobody was parked");
    }

    internal static async Task TakeOverAsync(UserShard shard) => await shard.TakeOverAsync(Cancellation);

    // A guest of a user whom nothing else touches: what a parked guest sends late would come in another order for others.
    internal static void Visit(ShardHarness h, string prefix)
    {
        var at = prefix == "e" ? ShopTraffic.Start : Second;
        h.Kafka.Append("events", "visitor", $$"""{"eventId":"{{prefix}}v1","type":"view","anonymousId":"visitor","itemId":"i3","occurredAt":{{at}}}""");
        h.Kafka.Append("events", "visitor", $$"""{"eventId":"{{prefix}}v2","type":"identify","anonymousId":"visitor","userId":"member","occurredAt":{{at}}}""");
        h.Kafka.Append("events", "visitor", $$"""{"eventId":"{{prefix}}v3","type":"add_to_cart","anonymousId":"visitor","itemId":"i4","occurredAt":{{at + 1}}}""");
    }

    // The second phase runs under other half-lives and on a trained table.
    internal static void Settings(ShardHarness h, int trainedItems = 20)
    {
        h.Fold = h.Fold with { ShortHalfLife = TimeSpan.FromDays(5), RingLength = 16 };
        var random = new Random(7);
        h.BaseTable = VectorTableBlob.Write(h.Fold.Dimensions, [.. Enumerable.Range(0, trainedItems).Select(i => $"i{i}").Order(StringComparer.Ordinal)
            .Select(id => new VectorTableEntry(Encoding.UTF8.GetBytes(id), [.. Enumerable.Range(0, h.Fold.Dimensions).Select(_ => (float)random.NextDouble() - 0.5f)]))]);
    }

    internal static async Task StepAsync(ShardHarness h, UserShard shard, int milliseconds)
    {
        var batch = await shard.IngestAsync(Cancellation);
        h.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await shard.WorkAsync(batch, Cancellation);
        await shard.CommitAsync(batch, Cancellation);
    }

    internal static async Task<bool> IsDegradedAsync(ShardHarness h, UserShard shard, UserKey user)
    {
        var answer = shard.QueryAsync(user, Cancellation);
        await StepAsync(h, shard, 11);
        return (await answer)!.Degraded;
    }

    internal static void AssertSameOnce(ShardHarness calm, ShardHarness h)
    {
        for (var i = 0; i < Topics.Length; i++) Assert.Equal(Of(calm, Topics[i], Ids[i]), Of(h, Topics[i], Ids[i]));

        static List<string?> Of(ShardHarness h, string topic, string id) =>
            [.. h.Kafka.CommittedAll(topic).Select(r => JsonDocument.Parse(r).RootElement.GetProperty(id).GetString()).Order(StringComparer.Ordinal)];
    }

    // What a reader of the store gets for a user.
    internal static async Task<string> HowAsync(TamperedStore store, UserKey user)
    {
        await using var shard = await store.OpenShardAsync(0, Cancellation);
        var row = (await shard.ReadUsersAsync([user.Bytes], Cancellation))[0];
        try
        {
            _ = UserRowCodec.Content(row.Blob);
            return "good";
        }
        catch (CorruptRowException)
        {
            return "flipped";
        }
    }

    internal static byte[] Changed(byte[] bytes, int at, Func<byte, byte> how)
    {
        var copy = (byte[])bytes.Clone();
        copy[at] = how(copy[at]);
        return copy;
    }
}
