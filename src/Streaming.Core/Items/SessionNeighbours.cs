namespace Streaming.Core.Items;

/// <summary>
/// The store behind VMIS-kNN (Kersbergen et al., SIGMOD 2022), kept up to date session by session: each item knows its latest m sessions, newest by end time and
/// then id, so that the order in which partitions are read does not show.
/// </summary>
internal sealed class SessionNeighbours(ItemIndexOptions options)
{
    private long[] _endMs = [];
    private ulong[] _ids = [];
    private ulong[] _users = [];
    private ushort[] _clicks = [];
    private readonly SessionItems _items = new();
    private int[] _sessionsOfItem = [];
    private int _next;

    /// <summary>Sessions kept.</summary>
    public int Count { get; private set; }

    /// <summary>Places that may hold a session, in order of arrival from <see cref="FirstPlace"/>.</summary>
    public int Places { get; private set; }

    /// <summary>Place of the session that came first.</summary>
    public int FirstPlace => Places < options.MaxSessions ? 0 : _next;

    /// <summary>Items of the session at a place in the order of its clicks, those clicked again included; empty where it was erased.</summary>
    public ReadOnlySpan<int> Items(int place) => _items[place];

    /// <summary>End, id hash and user hash of the session at a place.</summary>
    public (long EndMs, ulong Id, ulong User) Key(int place) => (_endMs[place], _ids[place], _users[place]);

    /// <summary>Kept sessions with an item, those beyond its postings included. By item number in one array: votes ask for a thousand of them, and entries lie all over memory.</summary>
    public int SessionsWith(int item) => (uint)item < (uint)_sessionsOfItem.Length ? _sessionsOfItem[item] : 0;

    /// <summary>ln(1 + sessions / sessions with the item).</summary>
    public float Rarity(int item) => MathF.Log(1 + ((float)Count / Math.Max(1, SessionsWith(item))));

    /// <summary>End of the session at a place, ms, and how many clicks it has.</summary>
    public (long EndMs, int Clicks) EndAndClicks(int place) => (_endMs[place], _clicks[place]);

    /// <summary>Asks the processor for the end and the clicks of a session that are read soon.</summary>
    public void AskForEnd(int place)
    {
        Prefetch.Line(in _endMs[place]);
        Prefetch.Line(in _clicks[place]);
    }

    /// <summary>An item has a new entry: what was counted for one that was evicted is forgotten.</summary>
    public void Begin(int item)
    {
        if (item < _sessionsOfItem.Length) _sessionsOfItem[item] = 0;
    }

    /// <summary>Asks the processor for the items of a session that are read soon.</summary>
    public void AskForItems(int place) => _items.AskFor(place);

    /// <summary>True where the left session is the newer: by end time, then id.</summary>
    public bool IsNewer(int left, int right) => _endMs[left] != _endMs[right] ? _endMs[left] > _endMs[right] : _ids[left] > _ids[right];

    /// <summary>True where this very session is kept already.</summary>
    public bool Contains(ItemEntry entry, long endMs, ulong id)
    {
        var at = Find(entry, endMs, id);
        return at >= 0;
    }

    /// <summary>Adds a session of at least two distinct items; beyond the bound the one that came first goes.</summary>
    /// <param name="endMs">End, ms.</param>
    /// <param name="id">Hash of its id.</param>
    /// <param name="user">Hash of the profile key.</param>
    /// <param name="clicks">Items in the order of the clicks, those clicked again included.</param>
    /// <param name="distinct">The distinct ones among them.</param>
    /// <param name="entryOf">Entry of an item number, for sessions that go.</param>
    public void Add(long endMs, ulong id, ulong user, List<ItemEntry> clicks, List<ItemEntry> distinct, Func<int, ItemEntry?> entryOf)
    {
        var place = _next;
        if (place < Places) Remove(place, entryOf);
        else Grow();
        _next = (_next + 1) % options.MaxSessions;
        _endMs[place] = endMs;
        _ids[place] = id;
        _users[place] = user;
        _clicks[place] = (ushort)Math.Min(clicks.Count, ushort.MaxValue);
        var items = _items.Put(place, clicks.Count);
        for (var i = 0; i < items.Length; i++) items[i] = clicks[i].Item;
        foreach (var entry in distinct) Post(entry, place);
        Count++;
    }

    /// <summary>Removes every session of a user; its places stay empty until they are written again.</summary>
    public int Erase(ulong user, Func<int, ItemEntry?> entryOf)
    {
        var erased = 0;
        for (var place = 0; place < Places; place++)
        {
            if (_users[place] != user || !_items.Has(place)) continue;
            Remove(place, entryOf);
            erased++;
        }

        return erased;
    }

    private void Remove(int place, Func<int, ItemEntry?> entryOf)
    {
        if (!_items.Has(place)) return;
        var items = _items[place];
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i];
            if (items[..i].Contains(item) || entryOf(item) is not { } entry) continue; // once an item
            var at = Find(entry, _endMs[place], _ids[place]);
            if (at >= 0)
            {
                entry.Postings.AsSpan(at + 1, entry.PostingCount - at - 1).CopyTo(entry.Postings.AsSpan(at));
                entry.PostingCount--;
            }

            if (_sessionsOfItem[item] > 0) _sessionsOfItem[item]--; // an entry that was evicted and came again began at 0
        }

        _items.Clear(place);
        _users[place] = 0;
        Count--;
    }

    private void Post(ItemEntry entry, int place)
    {
        if (entry.Item >= _sessionsOfItem.Length) Array.Resize(ref _sessionsOfItem, Math.Max(entry.Item + 1, _sessionsOfItem.Length * 2));
        _sessionsOfItem[entry.Item]++;
        var at = ~Find(entry, _endMs[place], _ids[place]);
        if (at < 0) return; // an equal key: one of the two is enough
        if (entry.PostingCount < options.SessionsPerItem)
        {
            if (entry.PostingCount == entry.Postings.Length)
                Array.Resize(ref entry.Postings, Math.Min(options.SessionsPerItem, Math.Max(4, entry.PostingCount * 2)));
            entry.Postings.AsSpan(at, entry.PostingCount - at).CopyTo(entry.Postings.AsSpan(at + 1));
            entry.Postings[at] = place;
            entry.PostingCount++;
            return;
        }

        if (at == 0) return; // older than all that are kept
        entry.Postings.AsSpan(1, at - 1).CopyTo(entry.Postings);
        entry.Postings[at - 1] = place;
    }

    /// <summary>Index of a session among an item's postings, or the complement of where it belongs.</summary>
    private int Find(ItemEntry entry, long endMs, ulong id)
    {
        var low = 0;
        var high = entry.PostingCount - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var place = entry.Postings[middle];
            if (_endMs[place] == endMs && _ids[place] == id) return middle;
            if (_endMs[place] != endMs ? _endMs[place] < endMs : _ids[place] < id) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    private void Grow()
    {
        if (Places == _ids.Length)
        {
            var size = Math.Min(options.MaxSessions, Math.Max(64, Places * 2));
            Array.Resize(ref _endMs, size);
            Array.Resize(ref _ids, size);
            Array.Resize(ref _users, size);
            Array.Resize(ref _clicks, size);
            _items.Resize(size);
        }

        Places++;
    }
}
