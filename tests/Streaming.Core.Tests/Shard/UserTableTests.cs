using System.Text;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

/// <summary>Profiles by key, one at a time and a group at a time, against a dictionary; few hashes for many keys, so that they meet.</summary>
public sealed class UserTableTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 40)]
    [InlineData(3, 100_000)]
    public void Find_alone_and_in_groups_equals_a_dictionary(int seed, int hashes)
    {
        var random = new Random(seed);
        var table = new UserTable();
        var model = new Dictionary<string, UserState>(StringComparer.Ordinal);
        for (var round = 0; round < 60; round++)
        {
            for (var change = 0; change < 100; change++)
            {
                var id = Id(random.Next(700));
                if (model.Remove(id)) table.Remove(Key(id, hashes));
                else table.Add(model[id] = new UserState(Key(id, hashes)));
            }

            Assert.Equal(model.Count, table.Count);
            var decoded = new DecodedBatch();
            var ids = Enumerable.Range(0, random.Next(1, UserTable.GroupSize + 1)).Select(_ => Id(random.Next(700))).ToList();
            foreach (var id in ids) Add(decoded, id, hashes, random.Next(5) == 0 ? DeadLetterReason.InvalidJson : DeadLetterReason.None);
            var found = new UserState?[UserTable.GroupSize];
            table.Find(decoded, decoded.Events, found);
            for (var i = 0; i < ids.Count; i++)
            {
                var expected = model.GetValueOrDefault(ids[i]);
                Assert.Same(expected, table.Find(Key(ids[i], hashes)));
                Assert.Same(decoded.Events[i].Reason == DeadLetterReason.None ? expected : null, found[i]);
            }
        }
    }

    [Fact]
    public void Lookup_of_a_batch_gives_nobody_once_a_profile_has_left()
    {
        var table = new UserTable();
        var decoded = new DecodedBatch();
        for (var i = 0; i < 40; i++)
        {
            if (i != 20) table.Add(new UserState(Key(Id(i), 1_000)));
            Add(decoded, Id(i), 1_000, DeadLetterReason.None);
        }

        var lookup = new BatchLookup();
        lookup.Begin(table, decoded);
        Assert.All(Enumerable.Range(0, 40), i => Assert.Equal(i == 20 ? null : Id(i), lookup[i] is { } user ? Encoding.UTF8.GetString(user.Key.Bytes) : null));
        var unknown = new HashSet<UserKey>();
        lookup.CollectUnknown(decoded, unknown);
        Assert.Equal([Key(Id(20), 1_000)], unknown);
        for (var i = 0; i < 40; i++) lookup.Expect(i);

        table.Remove(Key(Id(3), 1_000));
        Assert.All(Enumerable.Range(0, 40), i => Assert.Null(lookup[i]));
        lookup.End();
        Assert.Null(lookup[0]);
    }

    private static string Id(int i) => $"u:user-{i:d4}";

    // A hash of its own making: equal for many keys, and close together.
    private static UserKey Key(string id, int hashes)
    {
        var key = Encoding.UTF8.GetBytes(id);
        return new UserKey(key, 1 + (Hash64.Of(key) % (ulong)hashes));
    }

    private static void Add(DecodedBatch decoded, string id, int hashes, DeadLetterReason reason)
    {
        var key = Key(id, hashes);
        var text = decoded.Append(key.Bytes);
        ref var e = ref decoded.Add();
        (e.User, e.UserHash, e.Reason) = (text, key.Hash, reason);
    }
}
