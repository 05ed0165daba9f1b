using System.Text;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;
using Streaming.Host.Audit.Reference;

namespace Streaming.Host.Audit;

/// <summary>Holds a shard's stored rows against the reference as it stands at the low-water mark R; rows that a flush wrote ahead of R wait for their own batch.</summary>
internal sealed class StoredRows(IShardStore store, AuditFindings findings, int partition)
{
    private readonly ItemDictionary _items = new();
    private readonly Dictionary<long, List<UserState>> _ahead = [];
    private readonly HashSet<string> _met = new(StringComparer.Ordinal);
    private RowComparer? _comparer;
    private ItemVectorTable? _table;
    private int _tableVersion;

    /// <summary>Sequence of the batch up to which R says everything is durable; 0: there is no R.</summary>
    public async ValueTask<long> ReadMarkAsync(CancellationToken cancellation)
    {
        var row = await store.ReadShardAsync(cancellation);
        return row.Blob is { } blob ? ShardRowMark.Sequence(blob) : 0;
    }

    /// <summary>Compares all rows with the reference as of batch <paramref name="sequence"/>.</summary>
    public async ValueTask CompareAllAsync(RefShard reference, long sequence, CancellationToken cancellation)
    {
        var codec = new UserRowCodec(_items);
        _comparer = new RowComparer(_items);
        await foreach (var stored in store.ReadAllUsersAsync(cancellation))
        {
            var key = Encoding.UTF8.GetString(stored.Key);
            _met.Add(key);
            if (Decode(codec, stored, key) is not { } user) continue;
            if (user.AppliedSequence <= sequence) Compare(user, reference);
            else if (_ahead.TryGetValue(user.AppliedSequence, out var waiting)) waiting.Add(user);
            else _ahead.Add(user.AppliedSequence, [user]);
        }

        foreach (var (key, profile) in reference.Profiles)
        {
            if (_met.Contains(key)) continue;
            findings.Lost(Math.Max(1, profile.EventCount), $"{profile.EventCount} events of {key} (partition {partition}): no row in the store");
            findings.Mismatch($"{key} (partition {partition}): no row in the store");
        }
    }

    /// <summary>Compares the rows that were written ahead, once their batch is folded. True where the user's row is that new.</summary>
    public void CompareAhead(RefShard reference, long sequence)
    {
        if (!_ahead.Remove(sequence, out var users)) return;
        foreach (var user in users) Compare(user, reference);
    }

    /// <summary>Rows newer than the last batch: state that no committed batch explains.</summary>
    public void CheckNoneLeft()
    {
        foreach (var (sequence, users) in _ahead)
        {
            foreach (var user in users) findings.Mismatch($"{user.Key} (partition {partition}): its row is of batch {sequence}, which was never committed");
        }
    }

    private UserState? Decode(UserRowCodec codec, StoredUser stored, string key)
    {
        try
        {
            return codec.Decode(stored.Blob, new UserKey(stored.Key));
        }
        catch (CorruptRowException error)
        {
            findings.Mismatch($"{key} (partition {partition}): {error.Message}");
            return null;
        }
    }

    // Most rows hold the ring alone (docs/fold.md §13): the engine makes their vectors when it reads them, and so does this, with the engine's own code, because these bits are its claim.
    private void Rebuild(UserState user, RefProfile expected, RefShard reference)
    {
        if (!user.IsRingWhole || user.RingCount == 0) return;
        if (_table is null || _tableVersion != reference.Tables.Version)
        {
            _tableVersion = reference.Tables.Version;
            _table = Table(reference.Tables, expected.Settings.Options.Dimensions);
        }

        InterestFold.Rebuild(user, new FoldSettings(expected.Settings.Options, ConsentFlags.None), _table);
    }

    // With the versions in their places: what came after a profile's last touch is not counted in it yet.
    private ItemVectorTable Table(RefTables tables, int dimensions)
    {
        var first = Math.Max(1, tables.BaseVersion);
        var table = new ItemVectorTable(_items, dimensions, first - 1);
        var added = tables.All.ToLookup(v => v.Version, v => (Encoding.UTF8.GetBytes(v.Item), v.Vector));
        for (var version = first; version <= tables.Version; version++) table.AddVersion($"{version}", added[version]);
        return table;
    }

    private void Compare(UserState user, RefShard reference)
    {
        var key = user.Key.ToString();
        if (!reference.Profiles.TryGetValue(key, out var expected))
        {
            findings.Mismatch($"{key} (partition {partition}): a stored profile that no event explains");
            return;
        }

        // Below a newer base the vectors are derived anew from the ring, which is compared, at the next touch (docs/fold.md §6): such a row holds none, and the table they came from is gone.
        var isBelowBase = user.IsRingWhole && user.TableVersion < reference.Tables.BaseVersion;
        if (!isBelowBase) Rebuild(user, expected, reference);
        if (_comparer!.Difference(user, expected, withVectors: !isBelowBase) is not { } difference) return;
        findings.Mismatch($"{key} (partition {partition}): {difference}");
        var surplus = user.EventCount - expected.EventCount;
        if (surplus < 0) findings.Lost(-surplus, $"{-surplus} events of {key} (partition {partition}) are not in the profile");
        if (surplus > 0) findings.Duplicated(surplus, $"{surplus} more events in the profile of {key} (partition {partition}) than in the log");
    }
}
