using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Core.Tests.Snapshot;

namespace Streaming.Core.Tests.Shard;

public sealed class CompactUsersTests
{
    [Theory]
    [InlineData(1, 1 << 24)]
    [InlineData(2, 1 << 16)]
    [InlineData(3, 1 << 13)]
    [InlineData(4, 4096)]
    [InlineData(5, 3 * 4096)]
    [InlineData(6, 100_000)]
    public void Profiles_come_back_as_they_left_or_not_at_all(int seed, int maxBytes)
    {
        var items = new ItemDictionary();
        var random = new Random(seed);
        var compact = new CompactUsers(items, maxBytes);
        var kept = new Dictionary<int, (string Row, long WriteTime)>();
        var (missed, taken, most) = (0, 0, 0);
        for (var step = 0; step < 20_000; step++)
        {
            var number = random.Next(1000);
            var user = UserSamples.Make(number, items);
            if (kept.Remove(number, out var was))
            {
                var back = compact.Take(user.Key);
                if (back is null)
                {
                    missed++;
                    continue;
                }

                taken++;
                Assert.Equal(was.Row, Row(back, items));
                Assert.Equal((was.WriteTime, was.WriteTime), (back.RowWriteTime, back.EntriesWriteTime));
                Assert.Null(compact.Take(user.Key));
                continue;
            }

            user.EventCount = step;
            user.RowWriteTime = step;
            compact.Put(user);
            most = Math.Max(most, compact.Count);
            kept.Add(number, (Row(user, items), step));
        }

        Assert.True(taken > 0);
        Assert.Equal(maxBytes == 1 << 24, missed == 0);
        Assert.InRange(compact.Bytes, 1, maxBytes + Math.Max(512, most * 64 / 3)); // the index lies beside
    }

    [Fact]
    public void Nothing_is_kept_without_room()
    {
        var items = new ItemDictionary();
        var compact = new CompactUsers(items, 0);
        var user = UserSamples.Make(1, items);
        compact.Put(user);
        Assert.Equal(0, compact.Count);
        Assert.Null(compact.Take(user.Key));
    }

    private static string Row(UserState user, ItemDictionary items) => Convert.ToHexString(UserSamples.Encode(user, items));
}
