using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Items;

/// <summary>Writes an index. Item numbers never reach the file, so equal knowledge gives equal bytes whatever the numbers were.</summary>
internal sealed class ItemIndexSaver
{
    /// <summary>"SIIX" as a little-endian number.</summary>
    public const uint Magic = 0x58494953;
    /// <summary>Version of the layout. 2: sessions have their items in the order of the clicks, those clicked again included; in 1 they have each item once, in the order of its first click.</summary>
    public const int Version = 2;
    /// <summary>The oldest version that is read. Bytes of 1 are laid out as those of 2 are, so that a node that is upgraded need not read the topics anew: what 1 lacks comes with newer sessions.</summary>
    public const int OldestVersion = 1;

    private readonly ItemIndex _index;
    private readonly IndexFrameWriter _frames;
    private readonly ItemEntry[] _entries;
    private readonly Dictionary<int, int> _numbers = [];

    private ItemIndexSaver(ItemIndex index, Stream stream)
    {
        _index = index;
        _frames = new IndexFrameWriter(stream);
        _entries = [.. index.All];
        Array.Sort(_entries, (a, b) => index.Items.Compare(a.Item, b.Item));
        for (var i = 0; i < _entries.Length; i++) _numbers.Add(_entries[i].Item, i);
    }

    /// <summary>Hash of everything that the saved sums depend on.</summary>
    public static ulong OptionsHash(ItemIndexOptions options) => Hash64.Of(Encoding.UTF8.GetBytes(options.ToString()));

    /// <summary>Saves.</summary>
    public static void Save(ItemIndex index, Stream stream, ReadOnlySpan<byte> position)
    {
        var saver = new ItemIndexSaver(index, stream);
        saver.Head(position);
        saver.Ids();
        saver.Items();
        saver.Sessions();
        saver.Caps();
        saver._frames.Begin(IndexSection.End);
        saver._frames.Flush();
    }

    private void Head(ReadOnlySpan<byte> position)
    {
        _frames.Begin(IndexSection.Head);
        var row = _frames.Row;
        row.Fixed32(Magic);
        row.Unsigned(Version);
        row.Fixed64(OptionsHash(_index.Options));
        row.Bytes(position);
        row.Signed(_index.NowMs);
        Decay(_index.Covisits.Decay);
        Decay(_index.Popularity.Long);
        Decay(_index.Popularity.Short);
        row.Double(_index.Popularity.TotalUsers);
        row.Double(_index.Popularity.TotalUsersShort);
        row.Unsigned((ulong)_entries.Length);
    }

    private void Decay(in ForwardDecay decay)
    {
        _frames.Row.Byte(decay.IsSet ? (byte)1 : (byte)0);
        _frames.Row.Signed(decay.LandmarkMs);
    }

    private void Ids()
    {
        _frames.Begin(IndexSection.Ids);
        foreach (var entry in _entries)
        {
            _frames.Row.Bytes(_index.Items.Id(entry.Item));
            _frames.EndRecord();
        }
    }

    private void Items()
    {
        _frames.Begin(IndexSection.Items);
        foreach (var entry in _entries)
        {
            Item(entry, _frames.Row);
            _frames.EndRecord();
        }
    }

    private void Item(ItemEntry entry, RowWriter row)
    {
        row.Signed(entry.FirstMs);
        row.Signed(entry.LastMs);
        row.Floats([entry.Popular, entry.PopularShort, entry.Users, entry.UsersShort, entry.Viewed, entry.Carted, entry.Bought, entry.Trend]);
        row.Byte(entry.IsTrending ? (byte)1 : (byte)0);
        row.Bytes(entry.Catalog is null ? [] : JsonSerializer.SerializeToUtf8Bytes(entry.Catalog, ContractsJson.Default.CatalogItem));
        foreach (var list in entry.Partners) Partners(list, row);
    }

    private void Partners(PartnerList? list, RowWriter row)
    {
        var known = 0;
        for (var i = 0; i < (list?.Count ?? 0); i++)
        {
            if (_numbers.ContainsKey(list!.Partners[i])) known++;
        }

        row.Unsigned((ulong)known);
        for (var i = 0; i < (list?.Count ?? 0); i++)
        {
            if (!_numbers.TryGetValue(list!.Partners[i], out var number)) continue; // the partner was evicted
            var (weight, error, support, lastUser) = list.Stored(i);
            row.Unsigned((ulong)number);
            row.Floats([weight, error]);
            row.Unsigned(support);
            row.Unsigned(lastUser);
        }
    }

    private void Sessions()
    {
        _frames.Begin(IndexSection.Sessions);
        var store = _index.Neighbours;
        for (var i = 0; i < store.Places; i++)
        {
            var place = (store.FirstPlace + i) % store.Places;
            var items = store.Items(place);
            if (items.IsEmpty) continue;
            var (endMs, id, user) = store.Key(place);
            _frames.Row.Signed(endMs);
            _frames.Row.Fixed64(id);
            _frames.Row.Fixed64(user);
            _frames.Row.Unsigned((ulong)items.Length);
            foreach (var item in items) _frames.Row.Signed(_numbers.GetValueOrDefault(item, -1));
            _frames.EndRecord();
        }
    }

    private void Caps()
    {
        Hashes(IndexSection.YoungCaps, _index.Caps.Stored.Young);
        Hashes(IndexSection.OldCaps, _index.Caps.Stored.Old);
        _frames.Begin(IndexSection.Budgets);
        foreach (var (key, spent, young) in _index.Caps.StoredBudgets())
        {
            _frames.Row.Fixed64(key);
            _frames.Row.Unsigned((ulong)spent);
            _frames.Row.Byte(young ? (byte)1 : (byte)0);
            _frames.EndRecord();
        }
    }

    private void Hashes(IndexSection section, IReadOnlyCollection<ulong> hashes)
    {
        _frames.Begin(section);
        foreach (var hash in hashes)
        {
            _frames.Row.Fixed64(hash);
            _frames.EndRecord();
        }
    }
}
