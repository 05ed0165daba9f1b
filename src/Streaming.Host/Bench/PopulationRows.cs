using Streaming.Core.Churn;
using Streaming.Core.Events;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Host.Bench;

/// <summary>
/// Rows of a population without its events: some thousand users are really folded, as the peer draws them, their sessions ended, and every user of the population gets the row of the one of its rank.
/// A row names no user; its positions are set back, so that it is older than whatever the shard reads.
/// </summary>
/// <param name="rows">Rows of the folded users, by rank.</param>
internal sealed class PopulationRows(byte[][] rows)
{
    /// <summary>Users folded, and events of each on average.</summary>
    public const int Folded = 4096, EventsPerUser = 20;

    /// <summary>Numbers of the first event that a population may be given: those before were the folded users'.</summary>
    public const long NextEvent = (long)Folded * EventsPerUser;

    private const int RowsPerWrite = 10_000, BatchEvents = 4000;
    private const long TwoHoursMs = 7_200_000;

    /// <summary>Bytes of a row, on average.</summary>
    public double MeanBytes => rows.Average(row => row.Length);

    /// <summary>Folds the users whose rows are taken.</summary>
    public static async Task<PopulationRows> FoldAsync(int items, ulong seed, CancellationToken cancellation)
    {
        var clock = new BenchClock();
        var settings = new ShardOptions { Recommend = false, FlushInterval = TimeSpan.FromSeconds(1), MaxResidentUsers = Folded + 1, TickInterval = TimeSpan.FromDays(1) };
        var services = await BrokerlessShards.ServicesAsync(clock, 1, items, settings, new ChurnOptions { Enabled = false }, cancellation);
        var broker = new GivenBroker(0);
        var store = new InMemorySnapshotStore();
        await using var shard = new UserShard(services, broker, await store.OpenShardAsync(0, cancellation));
        await shard.TakeOverAsync(cancellation);
        await BrokerlessShards.RoundAsync(shard, clock, TimeSpan.Zero, cancellation); // settings and the vector table come into force
        var draw = new PeerDraw(Folded, items, seed, PeerDraw.StartMs - TwoHoursMs - (3_000_000L * EventsPerUser));
        for (var i = 0L; i < NextEvent; i++)
        {
            draw.Next(i);
            broker.Add(draw.AtMs, draw.Key, draw.Value);
            if (broker.Pending.Count == BatchEvents) await BrokerlessShards.RoundAsync(shard, clock, TimeSpan.Zero, cancellation);
        }

        // Somebody beyond them, so much later that every session of theirs is over.
        draw.Next((TwoHoursMs / 2 * Folded / 3_000_000) + NextEvent, Folded);
        broker.Add(draw.AtMs, draw.Key, draw.Value);
        await BrokerlessShards.FlushAsync(shard, clock, cancellation);
        return new PopulationRows(await RowsAsync(store, services, cancellation));
    }

    /// <summary>Writes the rows of users 0 … n-1 into the shards' stores, as flushes without R: a shard that began before takes them for rows of a user that it has not met yet.</summary>
    public async Task WriteAsync(int users, IReadOnlyList<IShardStore> stores, CancellationToken cancellation)
    {
        var batches = stores.Select(_ => new Batch()).ToArray();
        for (var user = 0; user < users; user++)
        {
            var key = Key(user);
            var partition = Murmur2.Partition(key.AsSpan(2), stores.Count);
            var batch = batches[partition];
            batch.Add(key, rows[(int)((long)user * rows.Length / users)]);
            if (batch.Count == RowsPerWrite) await batch.WriteToAsync(stores[partition], cancellation);
        }

        for (var p = 0; p < batches.Length; p++) await batches[p].WriteToAsync(stores[p], cancellation);
    }

    /// <summary>Profile key of a user by number.</summary>
    public static byte[] Key(int user) => UserKey.User("u" + user.ToString(System.Globalization.CultureInfo.InvariantCulture)).Bytes;

    private static async Task<byte[][]> RowsAsync(InMemorySnapshotStore store, ShardServices services, CancellationToken cancellation)
    {
        var codec = new UserRowCodec(services.Items);
        var writer = new RowWriter(4096);
        var byRank = new SortedDictionary<int, byte[]>();
        await using var shard = await store.OpenShardAsync(0, cancellation);
        await foreach (var stored in shard.ReadAllUsersAsync(cancellation))
        {
            if (UserNumber.Of(stored.Key) is not (< Folded and var rank)) continue;
            var user = codec.Decode(stored.Blob, new UserKey(stored.Key));
            if (user.Session.EventCount > 0) throw new InvalidOperationException("a session of the folded users is still open");
            (user.AppliedEvents, user.AppliedLinks, user.AppliedSequence) = (0, 0, 0);
            writer.Truncate(0);
            codec.Encode(user, writer);
            byRank.Add(rank, writer.Written.ToArray());
        }

        return [.. byRank.Values];
    }

    private sealed class Batch
    {
        private readonly RowWriter _bytes = new(1 << 20);
        private readonly List<FlushRow> _rows = [];

        public int Count => _rows.Count;

        public void Add(byte[] key, byte[] row)
        {
            _rows.Add(new FlushRow(key, _bytes.Length, row.Length));
            _bytes.Raw(row);
        }

        public async Task WriteToAsync(IShardStore store, CancellationToken cancellation)
        {
            if (Count > 0) await store.WriteAsync(new FlushBatch { WriteTime = 1, Bytes = _bytes.Memory, Rows = _rows, DueUpserts = [], DueDeletes = [], ShardRow = default }, cancellation);
            _rows.Clear();
            _bytes.Truncate(0);
        }
    }
}
