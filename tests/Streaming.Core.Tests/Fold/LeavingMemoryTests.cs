using System.Text;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Fold;

/// <summary>
/// A profile that leaves memory, packed or to its row, and comes back is the one that stayed, bit for bit, and says the same on its way: whatever events, guests, erasures, settings and tables come in
/// between, and whoever looks.
/// </summary>
public sealed class LeavingMemoryTests
{
    private const int Users = 4, Guests = 3, Items = 10, Dimensions = 8;
    private static readonly EventType[] Types =
    [
        EventType.View, EventType.View, EventType.Click, EventType.AddToCart, EventType.RemoveFromCart, EventType.Wishlist, EventType.Purchase, EventType.Purchase, EventType.Refund, EventType.Rating,
        EventType.Review, EventType.NotInterested, EventType.Impression, EventType.Impression, EventType.Search, EventType.Consent, EventType.Message, EventType.Identify, EventType.Erase,
    ];

    [Fact]
    public void Profiles_that_leave_memory_have_the_bits_of_those_that_stay()
    {
        for (var seed = 1; seed <= 400; seed++) Compare(seed);
    }

    private static void Compare(int seed)
    {
        var random = new Random(seed);
        var items = new ItemDictionary();
        var shard = new ShardState(items, Dimensions);
        shard.AddSettings(Settings(random));
        using var stays = new Population(shard);
        using var packed = new Population(shard) { Packed = new CompactUsers(items, random.Next(2) == 0 ? 4096 : 1 << 20) };
        using var stored = new Population(shard);
        Population[] all = [stays, packed, stored];
        var clock = 1_700_000_000_000;
        for (var step = 0; step < 120; step++)
        {
            if (random.Next(15) == 0) shard.AddSettings(Settings(random));
            if (random.Next(10) == 0) AddTable(shard, random, step);
            clock += random.NextInt64(1_800_000);
            var key = random.Next(3) == 0 ? UserKey.Guest("g" + random.Next(Guests)) : UserKey.User("u" + random.Next(Users));
            var e = Event(random, key, step, clock);
            var item = e.Type is EventType.Search or EventType.Consent or EventType.Message or EventType.Identify or EventType.Erase ? -1 : items.GetOrAdd(Id(random.Next(Items)));
            UserKey? linked = e.Type == EventType.Identify ? UserKey.User("u" + random.Next(Users)) : null;
            var deltas = random.Next(4) == 0 ? random.Next(1, 4) : 0;
            foreach (var population in all)
            {
                population.EndSessions(clock);
                population.Receive(deltas, step, clock);
                population.Apply(key, e, item, linked);
            }

            foreach (var seen in stays.Keys)
            {
                if (random.Next(4) == 0) InterestFold.Derive(stays.Of(seen), shard);
                if (random.Next(8) == 0) InterestFold.Derive(packed.Of(seen), shard);
                if (random.Next(3) == 0) packed.Leave(seen);
                if (random.Next(3) == 0) stored.Leave(seen);
            }
        }

        var was = stays.Keys.ToDictionary(key => key, stays.Text);
        foreach (var other in all[1..])
        {
            Assert.True(stays.Said.SequenceEqual(other.Said), $"seed {seed}:\n{string.Join('\n', other.Said.Except(stays.Said))}\ninstead of\n{string.Join('\n', stays.Said.Except(other.Said))}");
            foreach (var key in stays.Keys) Assert.True(other.Text(key) is var text && text == was[key], $"seed {seed}:\n{was[key]}\n{text}");
        }
    }

    private static DecodedEvent Event(Random random, UserKey key, int step, long clock)
    {
        var type = Types[random.Next(Types.Length)];
        if (type == EventType.Identify && !key.IsGuest) type = EventType.View;
        if (type is EventType.Erase or EventType.Consent && random.Next(3) > 0) type = EventType.Click;
        return new DecodedEvent
        {
            Type = type,
            Offset = step,
            OccurredAtMs = random.Next(5) == 0 ? clock - random.NextInt64(5 * 86_400_000L) : clock,
            AppendedAtMs = clock,
            EventIdHash = random.Next(6) == 0 ? 0 : (ulong)Math.Max(1, step - (random.Next(4) == 0 ? random.Next(12) : 0)),
            SessionHash = (ulong)random.Next(3),
            Quantity = 1 + random.Next(3),
            UnitPriceE4 = random.Next(3) == 0 ? -1 : random.Next(100_000),
            Currency = random.Next(6) == 0 ? 1 : 2,
            RatingE1 = type is EventType.Rating or EventType.Review ? (byte)(10 + random.Next(41)) : (byte)0,
            ConsentMask = type == EventType.Consent ? (ConsentFlags)random.Next(8) : ConsentFlags.None,
            ConsentValue = type == EventType.Consent && random.Next(3) > 0 ? ConsentFlags.Personalise : ConsentFlags.None,
            Message = type == EventType.Message ? (MessageState)random.Next(1, 7) : default,
        };
    }

    private static FoldSettings Settings(Random random) => new(
        new FoldOptions
        {
            Dimensions = Dimensions, RingLength = random.Next(2, 20), DuplicateWindow = random.Next(2, 20), MaxBoughtItems = random.Next(1, 6), MaxImpressions = random.Next(1, 5), MaxExcluded = random.Next(1, 4),
            MaxInterests = random.Next(1, 5), MaxSessionActions = random.Next(1, 9), MaxGuests = random.Next(1, 4), ShortHalfLife = TimeSpan.FromMinutes(random.Next(1, 3) * 30),
            InterestHalfLife = TimeSpan.FromDays(random.Next(1, 3)),
        },
        ConsentFlags.All);

    private static void AddTable(ShardState shard, Random random, int step)
    {
        var isBase = shard.Tables.Count == 0 || random.Next(3) == 0;
        var vectors = new List<(byte[], float[])>();
        for (var i = 0; i < Items; i++)
        {
            if (random.Next(2) == 0) vectors.Add((Id(i), [.. Enumerable.Range(0, Dimensions).Select(_ => random.NextSingle() - 0.5f)]));
        }

        shard.AddTable($"t{step}", isBase, vectors);
    }

    private static byte[] Id(int i) => Encoding.UTF8.GetBytes($"i{i}");
}
