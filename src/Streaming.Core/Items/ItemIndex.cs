using System.Text;
using Streaming.Contracts;
using Streaming.Core.Events;

namespace Streaming.Core.Items;

/// <summary>
/// What this node knows of items, learned from the topics <c>sessions</c> and <c>catalog</c>: session neighbours, co-visitation, popularity, trends, catalogue.
/// One writer, many readers: the writer takes the lock once a session or a record, a reader once a user (<see cref="EnterRead"/>). Rebuildable from the topics and bounded by
/// its options. It may lag behind the shards by minutes without harm, and no state of a user ever depends on it.
/// </summary>
public sealed class ItemIndex : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly IndexSession _session = new();
    private readonly List<ItemEntry> _all = [];
    private ItemEntry?[] _entries = new ItemEntry?[1024];
    private long _learned;
    private long _dropped;
    private int _changes;

    /// <summary>An empty index.</summary>
    /// <param name="items">The process's item numbers.</param>
    /// <param name="options">Bounds and half-lives, already validated.</param>
    public ItemIndex(ItemDictionary items, ItemIndexOptions options)
    {
        Items = items;
        Options = options;
        Caps = new DailyCaps(options.CapEntries, options.PairsPerUserDay);
        Neighbours = new SessionNeighbours(options);
        Covisits = new Covisitation(options, items, Caps);
        Popularity = new Popularity(options, Caps);
    }

    /// <summary>The process's item numbers.</summary>
    public ItemDictionary Items { get; }

    /// <summary>Bounds and half-lives.</summary>
    public ItemIndexOptions Options { get; }

    /// <summary>Highest event time seen, ms; 0: none yet.</summary>
    public long NowMs { get; private set; }

    /// <summary>True once the catalogue has an item.</summary>
    public bool KnowsCatalogue => Catalogue.Count > 0;

    internal DailyCaps Caps { get; private set; }
    internal SessionNeighbours Neighbours { get; private set; }
    internal Covisitation Covisits { get; private set; }
    internal Popularity Popularity { get; private set; }
    internal Catalogue Catalogue { get; private set; } = new();
    internal PopularLists Lists { get; private set; } = PopularLists.Empty;
    internal IReadOnlyList<ItemEntry> All => _all;

    /// <summary>Sizes, for metrics.</summary>
    public ItemIndexStats Stats => new(_all.Count, Catalogue.Count, Neighbours.Count, _learned, _dropped, Lists.Trending.Length, NowMs);

    /// <summary>Takes the index for reading: nothing changes until <see cref="ExitRead"/>. Once a user, never across an await.</summary>
    public void EnterRead() => _lock.EnterReadLock();

    /// <summary>Ends <see cref="EnterRead"/>.</summary>
    public void ExitRead() => _lock.ExitReadLock();

    /// <summary>
    /// Learns closed sessions, in the order read, forgets those of users who were erased, and refreshes the ranked lists where enough changed. Writer only. An erased user's share of decayed
    /// counts cannot be told apart and ages out by their half-lives.
    /// </summary>
    public void Apply(IEnumerable<ClosedSession> sessions)
    {
        foreach (var session in sessions)
        {
            _lock.EnterWriteLock();
            try
            {
                if (session.Erased == true) Neighbours.Erase(session.UserHash, Entry);
                else if (Learn(session)) _learned++;
                else _dropped++;
                _changes++;
            }
            finally
            {
                _lock.ExitWriteLock();
            }
        }

        RefreshWhereDue();
    }

    /// <summary>Puts catalogue records in force, in the order read. Writer only.</summary>
    public void Apply(IEnumerable<CatalogChange> changes)
    {
        foreach (var (itemId, item) in changes)
        {
            _lock.EnterWriteLock();
            try
            {
                MakeRoom(1);
                if (item is not null || Find(itemId) is not null) Catalogue.Set(EntryOf(itemId), item);
                _changes++;
            }
            finally
            {
                _lock.ExitWriteLock();
            }
        }

        RefreshWhereDue();
    }

    /// <summary>Ranks popular and trending items anew. The ranking is done beside the readers; only the swap is seen by them. Writer only.</summary>
    public void Refresh()
    {
        var trend = Popularity.TrendAt(NowMs);
        foreach (var entry in _all)
        {
            var z = trend.Of(entry);
            entry.IsTrending = z > (entry.IsTrending ? Options.TrendOff : Options.TrendOn);
            entry.Trend = z;
        }

        Rank();
    }

    private void Rank()
    {
        var usable = new List<ItemEntry>(_all.Count);
        foreach (var entry in _all)
        {
            if (entry.IsInStock && (!KnowsCatalogue || entry.Catalog is not null)) usable.Add(entry);
        }

        var lists = PopularLists.Build(usable, Items, Options);
        _lock.EnterWriteLock();
        Lists = lists;
        _lock.ExitWriteLock();
        _changes = 0;
    }

    /// <summary>Forgets everything, for a rebuild from the topics. Writer only.</summary>
    public void Clear()
    {
        _lock.EnterWriteLock();
        try
        {
            _all.Clear();
            Array.Clear(_entries);
            Caps = new DailyCaps(Options.CapEntries, Options.PairsPerUserDay);
            Neighbours = new SessionNeighbours(Options);
            Covisits = new Covisitation(Options, Items, Caps);
            Popularity = new Popularity(Options, Caps);
            Catalogue = new Catalogue();
            Lists = PopularLists.Empty;
            NowMs = _learned = _dropped = 0;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Saves everything, for a fast start. Called by the writer, between two applies; readers go on meanwhile.</summary>
    /// <param name="stream">Written to, not closed.</param>
    /// <param name="position">Where the topics were read up to; kept for the caller as it is.</param>
    public void Save(Stream stream, ReadOnlySpan<byte> position) => ItemIndexSaver.Save(this, stream, position);

    /// <summary>An index as it was saved.</summary>
    /// <param name="stream">Read to its end.</param>
    /// <param name="items">The process's item numbers.</param>
    /// <param name="options">Must equal those it was saved under.</param>
    /// <param name="position">Where to go on reading the topics.</param>
    /// <exception cref="Errors.CorruptRowException">Damaged, cut off, of another version or other options: rebuild it from the topics.</exception>
    public static ItemIndex Load(Stream stream, ItemDictionary items, ItemIndexOptions options, out byte[] position)
    {
        var index = new ItemIndex(items, options);
        try
        {
            position = new ItemIndexLoader(index).Load(stream);
            index.Rank();
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>The catalogue record of an item, or null. Between <see cref="EnterRead"/> and <see cref="ExitRead"/>.</summary>
    public CatalogItem? Catalog(int item) => Entry(item)?.Catalog;

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    internal ItemEntry? Entry(int item) => (uint)item < (uint)_entries.Length ? _entries[item] : null;

    internal ItemEntry EntryOf(string itemId) => EntryOf(Encoding.UTF8.GetBytes(itemId));

    internal ItemEntry EntryOf(ReadOnlySpan<byte> itemId)
    {
        var item = Items.GetOrAdd(itemId);
        return Entry(item) ?? Add(item, itemId);
    }

    internal void RestoreNow(long nowMs) => NowMs = nowMs;

    private void MakeRoom(int items)
    {
        if (_all.Count + items > Options.MaxItems) ItemEviction.Make(_all, _entries, Catalogue, Items, Options.MaxItems);
    }

    private ItemEntry? Find(string itemId)
    {
        var item = Items.Find(Encoding.UTF8.GetBytes(itemId));
        return item < 0 ? null : Entry(item);
    }

    private ItemEntry Add(int item, ReadOnlySpan<byte> id)
    {
        if (item >= _entries.Length) Array.Resize(ref _entries, Math.Max(item + 1, _entries.Length * 2));
        var entry = new ItemEntry(item, Hash64.Of(id));
        _entries[item] = entry;
        Neighbours.Begin(item);
        _all.Add(entry);
        return entry;
    }

    private bool Learn(ClosedSession closed)
    {
        if (closed.Actions.Count == 0 || closed.Actions.Count >= Options.MaxSessionActions) return false;
        MakeRoom(closed.Actions.Count);
        if (!Resolve(closed)) return false;
        var session = _session;
        if (session.Distinct.Count > 1)
        {
            if (Neighbours.Contains(session.Distinct[0], session.EndMs, session.IdHash)) return false;
            Neighbours.Add(session.EndMs, session.IdHash, session.UserHash, session.Clicks, session.Distinct, Entry);
        }

        ReachDecays(session.EndMs);
        Covisits.Learn(session);
        Popularity.Learn(session);
        NowMs = Math.Max(NowMs, session.EndMs);
        return true;
    }

    private bool Resolve(ClosedSession closed)
    {
        var session = _session;
        session.Actions.Clear();
        session.Clicks.Clear();
        session.Distinct.Clear();
        session.IdHash = Hash64.Of(Encoding.UTF8.GetBytes(closed.SessionId));
        session.UserHash = closed.UserHash;
        session.EndMs = closed.EndMs;
        foreach (var (itemId, wireName, atMs) in closed.Actions)
        {
            var type = EventTypes.Parse(wireName);
            if (itemId.Length == 0 || type == EventType.RemoveFromCart) continue;
            var action = new IndexAction(EntryOf(itemId), type, atMs);
            if (!action.IsView && !action.IsCart && !action.IsBuy) continue;
            session.EndMs = Math.Max(session.EndMs, atMs);
            session.Actions.Add(action);
            if (action.IsView || session.Clicks.Count == 0 || session.Clicks[^1] != action.Entry) session.Clicks.Add(action.Entry);
            action.Entry.FirstMs = action.Entry.FirstMs == 0 ? atMs : Math.Min(action.Entry.FirstMs, atMs);
            action.Entry.LastMs = Math.Max(action.Entry.LastMs, atMs);
            if (!session.Distinct.Contains(action.Entry)) session.Distinct.Add(action.Entry);
        }

        return session.Actions.Count > 0;
    }

    private void ReachDecays(long atMs)
    {
        var covisit = Covisits.Decay.Reach(atMs);
        var popular = Popularity.Long.Reach(atMs);
        var popularShort = Popularity.Short.Reach(atMs);
        if (covisit != 1)
        {
            foreach (var entry in _all) Covisitation.Scale(entry, covisit);
        }

        if (popular == 1 && popularShort == 1) return;
        foreach (var entry in _all) Popularity.Scale(entry, popular, popularShort);
        Popularity.ScaleTotals(popular, popularShort);
    }

    private void RefreshWhereDue()
    {
        // A refresh visits every item; one for each hundredth of the items that changed keeps its share of the work constant.
        if (_changes >= Math.Max(1, _all.Count / 100)) Refresh();
    }
}
