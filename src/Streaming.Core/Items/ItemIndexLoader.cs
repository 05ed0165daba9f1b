using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Items;

/// <summary>Reads what <see cref="ItemIndexSaver"/> wrote into an empty index.</summary>
internal sealed class ItemIndexLoader(ItemIndex index)
{
    private readonly List<ItemEntry> _entries = [];
    private readonly List<ItemEntry> _clicks = [];
    private readonly List<ItemEntry> _distinct = [];
    private int _expected;
    private int _filled;
    private bool _hasHead;
    private byte[] _position = [];

    /// <summary>Loads everything and gives the position that was saved with it.</summary>
    /// <exception cref="CorruptRowException">Not a whole index of this version and these options.</exception>
    public byte[] Load(Stream stream)
    {
        var frames = new IndexFrameReader(stream);
        for (var section = IndexSection.Head; ;)
        {
            var reader = new RowReader(frames.Next());
            var next = (IndexSection)reader.Byte();
            if (next < section || next > IndexSection.End || (next != IndexSection.Head && !_hasHead)) throw new CorruptRowException("the saved item index has its sections out of order");
            section = next;
            if (section == IndexSection.End) break;
            if (section == IndexSection.Head) Head(ref reader);
            while (reader.Remaining > 0) Record(section, ref reader);
        }

        if (_entries.Count != _expected || _filled != _expected) throw new CorruptRowException("the saved item index lacks items");
        return _position;
    }

    private void Head(ref RowReader reader)
    {
        if (reader.Fixed32() != ItemIndexSaver.Magic) throw new CorruptRowException("not a saved item index");
        var version = reader.Unsigned();
        if (version is < ItemIndexSaver.OldestVersion or > ItemIndexSaver.Version)
            throw new CorruptRowException($"the saved item index has version {version}, this program reads {ItemIndexSaver.OldestVersion} to {ItemIndexSaver.Version}");
        if (reader.Fixed64() != ItemIndexSaver.OptionsHash(index.Options)) throw new CorruptRowException("the item index was saved under other options");
        _position = reader.Bytes().ToArray();
        _hasHead = true;
        index.RestoreNow(reader.Signed());
        index.Covisits.Decay.Restore(reader.Byte() != 0, reader.Signed());
        index.Popularity.Long.Restore(reader.Byte() != 0, reader.Signed());
        index.Popularity.Short.Restore(reader.Byte() != 0, reader.Signed());
        index.Popularity.TotalUsers = reader.Double();
        index.Popularity.TotalUsersShort = reader.Double();
        _expected = (int)Math.Min(int.MaxValue, reader.Unsigned());
    }

    private void Record(IndexSection section, ref RowReader reader)
    {
        switch (section)
        {
            case IndexSection.Ids:
                _entries.Add(index.EntryOf(reader.Bytes()));
                break;
            case IndexSection.Items:
                Item(Entry(_filled++), ref reader);
                break;
            case IndexSection.Sessions:
                Session(ref reader);
                break;
            case IndexSection.YoungCaps:
            case IndexSection.OldCaps:
                index.Caps.Restore(reader.Fixed64(), section == IndexSection.YoungCaps);
                break;
            case IndexSection.Budgets:
                index.Caps.RestoreBudget(reader.Fixed64(), (int)reader.Unsigned(), reader.Byte() != 0);
                break;
            default:
                throw new CorruptRowException("the saved item index has bytes that belong to nothing");
        }
    }

    private void Item(ItemEntry entry, ref RowReader reader)
    {
        entry.FirstMs = reader.Signed();
        entry.LastMs = reader.Signed();
        var sums = new float[8];
        reader.Floats(sums);
        (entry.Popular, entry.PopularShort, entry.Users, entry.UsersShort) = (sums[0], sums[1], sums[2], sums[3]);
        (entry.Viewed, entry.Carted, entry.Bought, entry.Trend) = (sums[4], sums[5], sums[6], sums[7]);
        entry.IsTrending = reader.Byte() != 0;
        var catalog = reader.Bytes();
        if (!catalog.IsEmpty) index.Catalogue.Set(entry, CatalogItem(catalog));
        for (var pair = 0; pair < ItemEntry.PairCount; pair++) entry.Partners[pair] = Partners(ref reader);
    }

    private static CatalogItem? CatalogItem(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ContractsJson.Default.CatalogItem);
        }
        catch (JsonException e)
        {
            throw new CorruptRowException("the saved item index has an item that cannot be read", e);
        }
    }

    private PartnerList? Partners(ref RowReader reader)
    {
        var count = reader.Count(index.Options.PartnersPerItem);
        if (count == 0) return null;
        var list = new PartnerList();
        var weights = new float[2];
        for (var i = 0; i < count; i++)
        {
            var partner = Entry((int)Math.Min(int.MaxValue, reader.Unsigned())).Item;
            reader.Floats(weights);
            list.Restore(partner, weights[0], weights[1], (ushort)reader.Unsigned(), (ushort)reader.Unsigned());
        }

        return list;
    }

    private void Session(ref RowReader reader)
    {
        var endMs = reader.Signed();
        var id = reader.Fixed64();
        var user = reader.Fixed64();
        _clicks.Clear();
        _distinct.Clear();
        for (var left = reader.Count(index.Options.MaxSessionActions); left > 0; left--)
        {
            var number = reader.Int();
            if (number < 0) continue; // the item was evicted
            var entry = Entry(number);
            _clicks.Add(entry);
            if (!_distinct.Contains(entry)) _distinct.Add(entry);
        }

        if (_clicks.Count > 0) index.Neighbours.Add(endMs, id, user, _clicks, _distinct, index.Entry);
    }

    private ItemEntry Entry(int number) => number < _entries.Count ? _entries[number] : throw new CorruptRowException("the saved item index names an item that it lacks");
}
