using System.Globalization;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;

namespace Streaming.Training.Evaluate;

/// <summary>
/// The engine itself: purchases go through Fold, closed sessions through the item index, lists through Recall, the fall-back blend and Rerank. A basket reaches the index only when its
/// session closes, as it does live.
/// </summary>
internal sealed class EngineMethod : IBasketMethod, IFoldOutputs, IDisposable
{
    private readonly ShardState _shard;
    private readonly ItemIndex _index;
    private readonly Recommender _any;
    private readonly Recommender _newOnly;
    private readonly CandidateSet _candidates = new();
    private readonly Dictionary<string, UserState> _users = new(StringComparer.Ordinal);
    private readonly Queue<(long DueMs, UserState User)> _due = new();
    private readonly List<ClosedSession> _closed = [];
    private readonly RecallOptions _recall;
    private long _offset;

    public EngineMethod(ItemDictionary items, NextBasketOptions options, RecallOptions recall)
    {
        _recall = recall;
        _shard = new ShardState(items, options.Fold.Dimensions);
        _shard.AddSettings(new FoldSettings(options.Fold, ConsentFlags.All));
        _index = new ItemIndex(items, options.Index);
        var rerank = new RerankOptions { RebuyAfter = TimeSpan.Zero, MaxPerCategory = 0 };
        _any = new Recommender(_index, recall, rerank);
        _newOnly = new Recommender(_index, recall, rerank with { AllowRebuy = false });
    }

    public string Name => "engine";

    /// <summary>Gathers candidates with their source scores, without ranking them: what the blend is chosen on.</summary>
    public CandidateSet Collect(string customer, long nowMs, bool newOnly)
    {
        CloseDue(nowMs);
        var user = User(customer);
        InterestFold.Derive(user, _shard);
        (newOnly ? _newOnly : _any).Collect(user, _shard.Vectors, nowMs, _candidates);
        return _candidates;
    }

    public void Rank(string customer, long nowMs, IReadOnlySet<int> bought, bool newOnly, List<int> into)
    {
        var recommender = newOnly ? _newOnly : _any;
        Collect(customer, nowMs, newOnly);
        recommender.Blend(_candidates);
        recommender.Rerank(User(customer), nowMs, _candidates, newOnly ? _recall.MaxCandidates : RankedBasket.Length);
        into.Clear();
        foreach (ref readonly var candidate in _candidates.Candidates)
        {
            // The profile remembers a bounded number of bought items; the protocol asks for all of them.
            if (into.Count < RankedBasket.Length && !(newOnly && bought.Contains(candidate.Item))) into.Add(candidate.Item);
        }
    }

    public void Learn(Basket basket)
    {
        CloseDue(basket.AtMs);
        var user = User(basket.Customer);
        foreach (var item in basket.Items)
        {
            var e = new DecodedEvent
            {
                Type = EventType.Purchase, OccurredAtMs = basket.AtMs, Offset = _offset++, UserHash = user.Key.Hash, Quantity = 1, UnitPriceE4 = -1, SchemaVersion = 1,
            };
            UserFold.Apply(user, e, item, null, _shard, this);
        }

        _shard.StreamTimeMs = Math.Max(_shard.StreamTimeMs, basket.AtMs);
        _due.Enqueue((SessionFold.DueMs(user, _shard.Settings), user));
    }

    public void Dispose() => _index.Dispose();

    void IFoldOutputs.SessionClosed(UserState user)
    {
        var actions = new SessionAction[user.Session.ActionCount];
        for (var i = 0; i < actions.Length; i++)
        {
            var action = user.Session.Actions![i];
            actions[i] = new SessionAction(_shard.Items.Text(action.Item), action.Type.WireName(), action.AtMs);
        }

        _closed.Add(new ClosedSession
        {
            SessionId = user.Session.OpenedAt.ToString(CultureInfo.InvariantCulture), UserHash = user.Key.Hash, StartMs = user.Session.StartMs, EndMs = user.Session.LastMs, Actions = actions,
        });
    }

    void IFoldOutputs.Linked(UserState guest, long offset) { }
    void IFoldOutputs.LinkedEvent(UserState guest, in DecodedEvent e, int item) { }
    void IFoldOutputs.Erased(UserState user, long offset) { }
    void IFoldOutputs.GuestErased(UserState user, LinkedGuest guest, long offset) { }

    private void CloseDue(long nowMs)
    {
        while (_due.TryPeek(out var due) && due.DueMs <= nowMs)
        {
            _due.Dequeue();
            var dueMs = SessionFold.DueMs(due.User, _shard.Settings);
            if (dueMs <= nowMs) SessionFold.Close(due.User, this);
        }

        if (_closed.Count == 0) return;
        _index.Apply(_closed);
        _closed.Clear();
    }

    private UserState User(string customer)
    {
        if (_users.TryGetValue(customer, out var user)) return user;
        user = new UserState(UserKey.User(customer)) { Consent = _shard.ConsentDefault, SettingsVersion = _shard.SettingsVersion };
        _users.Add(customer, user);
        return user;
    }
}
