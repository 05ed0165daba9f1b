using System.Text;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Shard;

/// <summary>
/// Erasure against everything that may come between, in every order and not at random: a user and a guest of two partitions; the guest's view, login and straggling event, the user's purchase and erasure, and a run of
/// each shard, which ends well, dies before it flushed, or hears nothing of a commit, each with each; a second apart, or all at one time. After each order a zombie's writes arrive, the user returns, and the log is replayed into an empty store.
/// </summary>
public sealed class EraseInterleavingTests
{
    private const int GuestPartition = 0, UserPartition = 1;
    private static readonly string Guest = Id("g", GuestPartition), User = Id("u", UserPartition);
    private static readonly UserKey GuestKey = UserKey.Guest(Guest), Key = UserKey.User(User);

    public enum Ending
    {
        HandOff,
        DeathBeforeFlush,
        UnclearCommit,
    }

    /// <summary>How the guest's shard ends its run, and how the user's; at one time: what the broker gave the erasure's millisecond too is of before it.</summary>
    public static TheoryData<Ending, Ending, int> Endings()
    {
        var endings = Enum.GetValues<Ending>();
        var data = new TheoryData<Ending, Ending, int>();
        foreach (var stepMs in (int[])[1000, 0])
        {
            foreach (var guests in endings)
            {
                foreach (var users in endings) data.Add(guests, users, stepMs);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Erasure_in_every_order_lets_nothing_come_back(Ending guests, Ending users, int stepMs)
    {
        var orders = Orders(["view", "login", "straggler"], ["purchase", "erase"], ["guest's shard"], ["user's shard"]).ToArray();
        Assert.Equal(420, orders.Length);
        foreach (var order in orders) await RunAsync(order, guests, users, stepMs);
    }

    [Fact]
    public async Task Guest_forgotten_for_newer_ones_cannot_bring_the_erased_user_back()
    {
        var h = Harness();
        h.Fold = h.Fold with { MaxGuests = 1 };
        var other = Id("h", GuestPartition);
        foreach (var guest in (string[])[Guest, other]) Append(h, guest, $$"""{"type":"identify","anonymousId":"{{guest}}","userId":"{{User}}","occurredAt":{{h.Kafka.NowMs}}}""");
        await DrainAsync(h);
        Append(h, User, Erase(h));
        await WorkAsync(h, UserPartition, Ending.HandOff); // knows the other guest alone
        Append(h, Guest, Straggler(h));
        await DrainAsync(h);
        AssertErased((await h.StoredAsync(Key, UserPartition))!, "the straggling event of a forgotten guest");
        await DrainAsync(h);
        Assert.Null((await h.StoredAsync(GuestKey, GuestPartition))!.LinkedTo);
    }

    [Fact]
    public async Task Login_after_the_erasure_begins_a_new_profile()
    {
        var h = Harness();
        Append(h, User, Purchase(h));
        Append(h, User, Erase(h));
        await DrainAsync(h);
        Append(h, Guest, View(h));
        Append(h, Guest, Login(h));
        await DrainAsync(h);
        var user = (await h.StoredAsync(Key, UserPartition))!;
        Assert.Equal((2L, 0L, false), (user.EventCount, user.Purchases.Lines, user.IsErased));
    }

    private static async Task RunAsync(string[] order, Ending guests, Ending users, int stepMs)
    {
        var h = Harness();
        var zombie = new List<(int Partition, UserKey Key, StoredRow Row)>();
        foreach (var step in order)
        {
            if (step == "guest's shard") await WorkAsync(h, GuestPartition, guests);
            else if (step == "user's shard") await WorkAsync(h, UserPartition, users);
            else Append(h, step is "purchase" or "erase" ? User : Guest, step switch { "view" => View(h), "login" => Login(h), "straggler" => Straggler(h), "purchase" => Purchase(h), _ => Erase(h) }, stepMs);
            await RememberAsync(h, zombie);
        }

        await DrainAsync(h);
        await WriteLateAsync(h, zombie);
        var told = $"{guests} of the guest's shard, {users} of the user's, {stepMs} ms apart: {string.Join(", ", order)}";
        var (user, guest) = ((await h.StoredAsync(Key, UserPartition))!, (await h.StoredAsync(GuestKey, GuestPartition))!);
        Assert.True(user.Counts[(int)EventType.Purchase] == 0 && user.Purchases.Lines == 0, $"the purchase of before the erasure is back. {told}");
        if (Array.IndexOf(order, "login") < Array.IndexOf(order, "erase"))
        {
            AssertErased(user, told);
            Assert.True(guest.Counts[(int)EventType.View] == 0 && guest.LinkedTo is null, $"the guest of the erased user is still there. {told}");
        }
        else
        {
            // A login after the erasure is a return: all of the guest, or nothing where the shard met it before the erasure.
            Assert.True(user.EventCount is 0 or 3, $"the user who came back holds {user.EventCount} events. {told}");
        }

        var before = user.EventCount;
        Append(h, User, $$"""{"type":"wishlist","userId":"{{User}}","itemId":"i9","occurredAt":{{h.Kafka.NowMs}}}""");
        await WorkAsync(h, UserPartition, Ending.HandOff);
        user = (await h.StoredAsync(Key, UserPartition))!;
        Assert.True(user.EventCount == before + 1 && !user.IsErased, $"{user.EventCount} events after the return instead of {before + 1}. {told}");
        await AssertReplayIsEqualAsync(h, told);
    }

    private static void AssertErased(UserState user, string told) =>
        Assert.True(user is { IsErased: true, EventCount: 0, RingCount: 0, BoughtCount: 0, Guests: [] }, $"the erased user holds {user.EventCount} events, {user.RingCount} actions. {told}");

    private static async Task AssertReplayIsEqualAsync(ShardHarness h, string told)
    {
        var replay = h.WithEmptyStore();
        foreach (var partition in (int[])[GuestPartition, UserPartition])
        {
            await using var shard = await replay.OpenAsync(partition);
            await shard.TakeOverAsync(TestContext.Current.CancellationToken);
            await shard.HandOffAsync(TestContext.Current.CancellationToken);
            var (live, again) = (await h.ProfilesAsync(partition), await replay.ProfilesAsync(partition));
            Assert.True(live.SequenceEqual(again), $"a replay into an empty store gives other profiles in partition {partition}. {told}");
        }
    }

    private static async Task DrainAsync(ShardHarness h)
    {
        foreach (var partition in (int[])[GuestPartition, UserPartition, GuestPartition, UserPartition]) await WorkAsync(h, partition, Ending.HandOff);
    }

    private static async Task WorkAsync(ShardHarness h, int partition, Ending ending)
    {
        h.Options = h.Options with { FlushInterval = ending == Ending.DeathBeforeFlush ? TimeSpan.FromMinutes(10) : TimeSpan.FromMilliseconds(10) };
        var isUnclear = ending == Ending.UnclearCommit;
        h.Kafka.OnStep = step =>
        {
            if (!isUnclear || step != "committed") return;
            isUnclear = false;
            throw new IndefiniteOutcomeException(step);
        };
        await using var shard = await h.OpenAsync(partition);
        await shard.TakeOverAsync(TestContext.Current.CancellationToken);
        var isEnd = false;
        for (var batches = 0; !isEnd; batches++)
        {
            Assert.True(batches < 100, "no end in sight");
            isEnd = await StepAsync(h, shard);
        }

        if (ending != Ending.DeathBeforeFlush) await shard.HandOffAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<bool> StepAsync(ShardHarness h, UserShard shard)
    {
        try
        {
            var batch = await shard.IngestAsync(TestContext.Current.CancellationToken);
            var isEnd = batch.Events.AtEnd && batch.Events.Count == 0 && batch.Links.AtEnd && batch.Links.Count == 0;
            h.Time.Advance(TimeSpan.FromMilliseconds(11));
            await shard.WorkAsync(batch, TestContext.Current.CancellationToken);
            await shard.CommitAsync(batch, TestContext.Current.CancellationToken);
            return isEnd;
        }
        catch (IndefiniteOutcomeException)
        {
            await shard.TakeOverAsync(TestContext.Current.CancellationToken);
            return false;
        }
    }

    private static async Task RememberAsync(ShardHarness h, List<(int Partition, UserKey Key, StoredRow Row)> rows)
    {
        foreach (var (partition, key) in ((int, UserKey)[])[(GuestPartition, GuestKey), (UserPartition, Key)])
        {
            await using var store = await h.Store.OpenShardAsync(partition, TestContext.Current.CancellationToken);
            var row = (await store.ReadUsersAsync([key.Bytes], TestContext.Current.CancellationToken))[0];
            if (row.Blob is not null) rows.Add((partition, key, row));
        }
    }

    // What an owner of before wrote arrives once more, with the write time it had.
    private static async Task WriteLateAsync(ShardHarness h, List<(int Partition, UserKey Key, StoredRow Row)> rows)
    {
        foreach (var (partition, key, row) in rows)
        {
            await using var store = await h.Store.OpenShardAsync(partition, TestContext.Current.CancellationToken);
            await store.WriteAsync(new FlushBatch { WriteTime = row.WriteTime, Bytes = row.Blob, Rows = [new FlushRow(key.Bytes, 0, row.Blob!.Length)], DueUpserts = [], DueDeletes = [], ShardRow = default }, TestContext.Current.CancellationToken);
        }
    }

    // Every interleaving of some sequences.
    private static IEnumerable<string[]> Orders(params string[][] sequences)
    {
        if (sequences.All(s => s.Length == 0)) return [[]];
        return Enumerable.Range(0, sequences.Length).Where(i => sequences[i].Length > 0).SelectMany(i =>
        {
            string[][] rest = [.. sequences.Select((s, n) => n == i ? s[1..] : s)];
            return Orders(rest).Select(order => (string[])[sequences[i][0], .. order]);
        });
    }

    private static ShardHarness Harness()
    {
        var h = new ShardHarness(partitions: 2);
        h.Options = h.Options with { Recommend = false };
        return h;
    }

    private static void Append(ShardHarness h, string key, string json, int stepMs = 1000)
    {
        h.Kafka.NowMs += stepMs;
        h.Kafka.Append("events", key, json);
    }

    private static string View(ShardHarness h) => $$"""{"type":"view","anonymousId":"{{Guest}}","itemId":"i1","occurredAt":{{h.Kafka.NowMs}}}""";

    private static string Login(ShardHarness h) => $$"""{"type":"identify","anonymousId":"{{Guest}}","userId":"{{User}}","occurredAt":{{h.Kafka.NowMs}}}""";

    private static string Straggler(ShardHarness h) => $$"""{"type":"add_to_cart","anonymousId":"{{Guest}}","itemId":"i2","occurredAt":{{h.Kafka.NowMs}}}""";

    private static string Purchase(ShardHarness h) => $$"""{"type":"purchase","userId":"{{User}}","itemId":"i3","quantity":1,"unitPrice":2.5,"currency":"EUR","occurredAt":{{h.Kafka.NowMs}}}""";

    private static string Erase(ShardHarness h) => $$"""{"type":"erase","userId":"{{User}}","occurredAt":{{h.Kafka.NowMs}}}""";

    private static string Id(string prefix, int partition) => Enumerable.Range(0, 1000).Select(i => prefix + i).First(id => Murmur2.Partition(Encoding.UTF8.GetBytes(id), 2) == partition);
}
