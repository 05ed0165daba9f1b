using System.Globalization;
using System.Text;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Shard;

namespace Streaming.Benchmarks;

/// <summary>The events of the fold benchmark (docs/fold.md says what becomes of them): view 60 %, click 20 %, cart 10 %, purchase 10 %; users and items skewed towards the low numbers; seeded.</summary>
internal static class ShopEvents
{
    public const int Dimensions = 64;
    private const long Start = 1_767_225_600_000;

    /// <summary>Records of one partition of one, as a reader leaves them.</summary>
    public static RecordBatch Records(int count, int users, int items, int seed, int from = 0)
    {
        var random = new Random(seed);
        var batch = new RecordBatch();
        batch.Reset(from);
        for (var i = from; i < from + count; i++)
        {
            var user = "u" + Skewed(random, users).ToString(CultureInfo.InvariantCulture);
            var type = random.Next(10) switch { < 6 => "view", < 8 => "click", 8 => "add_to_cart", _ => "purchase" };
            var atMs = Start + (i * 40L);
            var json = string.Create(CultureInfo.InvariantCulture, $$"""{"eventId":"e{{i}}","type":"{{type}}","userId":"{{user}}","itemId":"i{{Skewed(random, items)}}","sessionId":"s{{i / 20}}","occurredAt":{{atMs}}}""");
            batch.Add(i, atMs, isAppendTime: true, Encoding.UTF8.GetBytes(user), keyIsNull: false, Encoding.UTF8.GetBytes(json), valueIsNull: false);
        }

        return batch;
    }

    /// <summary>Vectors of items i0 to i(n-1), made once and the same on every machine.</summary>
    public static ShardState State(ItemDictionary items, int count)
    {
        var state = new ShardState(items, Dimensions);
        state.AddSettings(new FoldSettings(new FoldOptions { Dimensions = Dimensions }, ConsentFlags.All));
        state.AddTable("base", isBase: true, Entries(count));
        return state;
    }

    /// <summary>The profile of each event's user, made where it is new.</summary>
    public static UserState[] Users(DecodedBatch decoded, ShardState state)
    {
        var users = new Dictionary<UserKey, UserState>();
        var of = new UserState[decoded.Count];
        for (var i = 0; i < of.Length; i++)
        {
            ref readonly var e = ref decoded.Events[i];
            var key = new UserKey(decoded.Of(e.User).ToArray(), e.UserHash);
            if (!users.TryGetValue(key, out var user))
            {
                users.Add(key, user = new UserState(key));
                EraseFold.Start(user, state);
            }

            of[i] = user;
        }

        return of;
    }

    private static IEnumerable<(byte[] ItemId, float[] Vector)> Entries(int count)
    {
        var random = new Random(7);
        for (var i = 0; i < count; i++)
        {
            var vector = new float[Dimensions];
            for (var d = 0; d < vector.Length; d++) vector[d] = (float)((random.NextDouble() * 2) - 1);
            yield return (Encoding.UTF8.GetBytes("i" + i.ToString(CultureInfo.InvariantCulture)), vector);
        }
    }

    private static int Skewed(Random random, int count) => (int)(count * Math.Pow(random.NextDouble(), 3));
}
