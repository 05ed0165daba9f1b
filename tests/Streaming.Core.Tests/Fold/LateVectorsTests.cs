using System.Text;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;
using Streaming.Core.Tests.Snapshot;

namespace Streaming.Core.Tests.Fold;

/// <summary>
/// Vectors and interests that are made when somebody looks (docs/fold.md §13) are, bit for bit, those that are made at each event, whatever tables and settings come in between, and
/// however often the profile went to its row and back.
/// </summary>
public sealed class LateVectorsTests
{
    private const int Dimensions = 8, Items = 12;
    private static readonly EventType[] Types =
    [
        EventType.View, EventType.Click, EventType.AddToCart, EventType.RemoveFromCart, EventType.Wishlist, EventType.Purchase, EventType.Refund, EventType.Rating, EventType.NotInterested, EventType.Search,
    ];

    [Fact]
    public void Vectors_made_late_have_the_bits_of_those_made_at_each_event()
    {
        for (var seed = 1; seed <= 300; seed++) Compare(seed);
    }

    private static void Compare(int seed)
    {
        var random = new Random(seed);
        var items = new ItemDictionary();
        var shard = new ShardState(items, Dimensions);
        shard.AddSettings(Settings(random));
        var (early, late, reloaded) = (New(shard), New(shard), New(shard));
        for (var step = 0; step < 60; step++)
        {
            if (random.Next(12) == 0) shard.AddSettings(Settings(random));
            if (random.Next(8) == 0) AddTable(shard, random, step);
            var type = Types[random.Next(Types.Length)];
            var e = new DecodedEvent
            {
                Type = type, OccurredAtMs = 1_700_000_000_000 + random.Next(100_000_000), Offset = step, Quantity = 1, UnitPriceE4 = -1,
                RatingE1 = type == EventType.Rating ? (byte)(10 * random.Next(6)) : (byte)0,
            };
            var item = e.Type == EventType.Search ? -1 : items.GetOrAdd(Id(random.Next(Items)));
            foreach (var user in (UserState[])[early, late, reloaded]) UserFold.Apply(user, e, item, null, shard, NoOutputs.Instance);
            InterestFold.Derive(early, shard);
            if (random.Next(3) == 0) reloaded = Reload(reloaded, items);
        }

        InterestFold.Derive(late, shard);
        InterestFold.Derive(reloaded, shard);
        Assert.True(Text(early, items) == Text(late, items), $"seed {seed}: made late\n{Text(early, items)}\n{Text(late, items)}");
        Assert.True(Text(early, items) == Text(reloaded, items), $"seed {seed}: reloaded\n{Text(early, items)}\n{Text(reloaded, items)}");
    }

    private static UserState New(ShardState shard)
    {
        var user = new UserState(UserKey.User("u"));
        EraseFold.Start(user, shard);
        return user;
    }

    private static UserState Reload(UserState user, ItemDictionary items)
    {
        var writer = new RowWriter();
        var codec = new UserRowCodec(items);
        codec.Encode(user, writer);
        return codec.Decode(writer.Written, user.Key);
    }

    private static FoldSettings Settings(Random random) => new(
        new FoldOptions { Dimensions = Dimensions, RingLength = random.Next(3, 30), MaxInterests = random.Next(1, 4), ShortHalfLife = TimeSpan.FromMinutes(random.Next(1, 3) * 30) }, ConsentFlags.All);

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

    private static string Text(UserState user, ItemDictionary items) => UserText.Of(user, items);
}
