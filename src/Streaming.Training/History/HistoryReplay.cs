using System.Text;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;

namespace Streaming.Training.History;

/// <summary>
/// Goes through a history with the product's own Fold, item index and recommender, in time order and on one thread, so that at each event exactly what a live
/// engine would know is known: an item, its attributes and its vector exist from its first event on, a session teaches once it has ended.
/// </summary>
public sealed class HistoryReplay : IDisposable
{
    private readonly Dictionary<string, CatalogItem> _catalog = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UserState> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VectorTableEntry>? _trained;
    private readonly HashSet<int> _known = [];
    private readonly List<VectorTableEntry> _newVectors = [];
    private readonly List<CatalogChange> _newItems = [];
    private readonly SessionSink _sink;
    private readonly SessionClock _clock;
    private readonly ShardState _shard;
    private long _offset;

    /// <summary>A replay before its first event.</summary>
    /// <param name="catalog">What is known of the items.</param>
    /// <param name="options">Settings of fold, index and recall.</param>
    /// <param name="trained">Vectors of a trained table, which must have been trained on data before the first event that is learned from; null: hashed ones only.</param>
    public HistoryReplay(IEnumerable<CatalogItem> catalog, HistoryReplayOptions options, IEnumerable<VectorTableEntry>? trained = null)
    {
        foreach (var item in catalog) _catalog[item.ItemId] = item;
        _trained = trained?.ToDictionary(e => Encoding.UTF8.GetString(e.ItemId), StringComparer.Ordinal);
        Items = new ItemDictionary();
        _shard = new ShardState(Items, options.Fold.Dimensions);
        var settings = new FoldSettings(options.Fold, ConsentFlags.All);
        _shard.AddSettings(settings);
        Index = new ItemIndex(Items, options.Index);
        Recommender = new Recommender(Index, options.Recall, options.Rerank);
        _sink = new SessionSink(Items);
        _clock = new SessionClock(settings, _sink);
    }

    /// <summary>Item numbers of this replay.</summary>
    public ItemDictionary Items { get; }
    /// <summary>The item index as of the last event.</summary>
    public ItemIndex Index { get; }
    /// <summary>The recommender over it.</summary>
    public IRecommender Recommender { get; }
    /// <summary>Item vectors in force.</summary>
    public ItemVectorTable Vectors => _shard.Vectors;

    /// <summary>The profile of a user as of now; a new one for who was never seen.</summary>
    public UserState User(in TrainingEvent e)
    {
        var name = (e.IsGuest ? "a:" : "u:") + e.UserId;
        if (_users.TryGetValue(name, out var user))
        {
            InterestFold.Derive(user, _shard);
            return user;
        }

        user = new UserState(new UserKey(Encoding.UTF8.GetBytes(name))) { Consent = _shard.ConsentDefault, SettingsVersion = _shard.SettingsVersion, TableVersion = _shard.Tables.Count };
        _users.Add(name, user);
        return user;
    }

    /// <summary>Moves time on to an event, without the event: sessions that are due end, and the index learns them. What is asked after this sees nothing of the event.</summary>
    public void AdvanceTo(long atMs)
    {
        _clock.Advance(atMs);
        if (_sink.Closed.Count == 0) return;
        Index.Apply(_sink.Closed);
        _sink.Closed.Clear();
    }

    /// <summary>Folds an event.</summary>
    public void Apply(in TrainingEvent e)
    {
        AdvanceTo(e.AtMs);
        var item = e.ItemId is null ? -1 : Meet(e.ItemId);
        var user = User(e);
        var decoded = new DecodedEvent
        {
            Offset = _offset++, Type = e.Type, OccurredAtMs = e.AtMs, Quantity = e.Quantity, UnitPriceE4 = PriceE4(e.UnitPrice), UserHash = user.Key.Hash, SchemaVersion = 1,
            SessionHash = e.SessionId is null ? 0 : Hash64.Of(Encoding.UTF8.GetBytes(e.SessionId)),
        };
        _shard.StreamTimeMs = Math.Max(_shard.StreamTimeMs, e.AtMs);
        UserFold.Apply(user, decoded, item, null, _shard, _sink);
        _clock.Watch(user);
    }

    /// <inheritdoc/>
    public void Dispose() => Index.Dispose();

    private static long PriceE4(decimal? price) => price is > 0 and < 100_000_000_000m ? (long)(price.Value * 10_000m) : -1;

    /// <summary>The number of an item; at its first event its attributes and vector come into force.</summary>
    private int Meet(string itemId)
    {
        var id = Encoding.UTF8.GetBytes(itemId);
        var item = Items.GetOrAdd(id);
        if (!_known.Add(item)) return item;
        var vector = new float[_shard.Vectors.Dimensions];
        _catalog.TryGetValue(itemId, out var known);
        if (_trained is not null && _trained.TryGetValue(itemId, out var entry)) entry.Vector.CopyTo(vector, 0);
        else if (known is not null) HashedItemVectors.Of(known, vector);
        else HashedItemVectors.Of(id, vector);
        _newVectors.Add(new VectorTableEntry(id, vector));
        if (known is not null) _newItems.Add(new CatalogChange(itemId, known));
        PutInForce();
        return item;
    }

    private void PutInForce()
    {
        _shard.AddTable("", isBase: false, _newVectors.Select(e => (e.ItemId, e.Vector)));
        _newVectors.Clear();
        if (_newItems.Count == 0) return;
        Index.Apply(_newItems);
        _newItems.Clear();
    }
}
