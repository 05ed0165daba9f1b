using System.Globalization;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;

namespace Streaming.Training.NextItem;

/// <summary>
/// Baseline <c>engine</c>: the engine's own session neighbours as they serve: closed sessions through its item index, the prefix as views of a guest through Fold, and what its source
/// offers. Items that it does not offer stand nowhere. Files without times get them: each session ends a minute after the one before it.
/// </summary>
internal sealed class EngineNeighbourMethod : INextItemMethod, IFoldOutputs, IDisposable
{
    private const long FirstMs = 1_500_000_000_000, SessionMs = 60_000, ClickMs = 1_000;
    private readonly ShardState _shard;
    private readonly ItemIndex _index;
    private readonly Recommender _recommender;
    private readonly CandidateSet _candidates = new();
    private readonly long _nowMs;

    /// <summary>Reads the sessions into an index as it is by default.</summary>
    public EngineNeighbourMethod(ItemDictionary ids, SessionLog log)
        : this(ids, log, new ItemIndexOptions(), new RecallOptions())
    {
    }

    /// <summary>Reads the sessions into an index.</summary>
    /// <param name="ids">Item numbers.</param>
    /// <param name="log">Sessions in time order.</param>
    /// <param name="options">The index's options.</param>
    /// <param name="recall">Recall's; those of <see cref="Serving"/> weigh as the trained neighbours do.</param>
    public EngineNeighbourMethod(ItemDictionary ids, SessionLog log, ItemIndexOptions options, RecallOptions recall)
    {
        var fold = new FoldOptions();
        _shard = new ShardState(ids, fold.Dimensions);
        _shard.AddSettings(new FoldSettings(fold, ConsentFlags.All));
        _index = new ItemIndex(ids, options);
        _recommender = new Recommender(_index, recall, new RerankOptions { MaxPerCategory = 0 });
        _index.Apply(Enumerable.Range(0, log.Count).Select(s => Closed(ids, log, s)));
        _nowMs = FirstMs + (log.Count * SessionMs);
    }

    public string Name => "engine";

    /// <summary>
    /// Options under which the engine weighs as the trained neighbours do. Age is a share of the sessions there and time here: <paramref name="sessions"/> of them, as far apart as this method
    /// puts them. Sessions looked at of one item are the index's (<see cref="ItemIndexOptions.SessionsPerItem"/>).
    /// </summary>
    public static RecallOptions Serving(NeighbourSettings settings, int sessions) => new()
    {
        NeighbourItems = settings.PrefixItems, Neighbours = settings.Neighbours, NeighbourClickDecay = settings.PositionDecay, NeighbourMatchRarity = settings.MatchRarity,
        NeighbourVoteRarity = settings.VoteRarity, NeighbourLengthPower = settings.LengthPower, NeighbourSimilarityPower = settings.SimilarityPower,
        NeighbourForwardDecay = settings.ForwardDecay, NeighbourBackwardDecay = settings.BackwardDecay, NeighbourBackwardWeight = settings.BackwardWeight, NeighbourSelfWeight = settings.SelfWeight,
        NeighbourHalfLife = settings.AgeDecay > 0 ? TimeSpan.FromMilliseconds(Math.Log(2) * SessionMs * sessions / settings.AgeDecay) : TimeSpan.FromDays(3653),
    };

    public void Score(ReadOnlySpan<int> prefix, Span<float> scores)
    {
        scores.Fill(float.NaN);
        var user = new UserState(UserKey.User("guest")) { Consent = _shard.ConsentDefault, SettingsVersion = _shard.SettingsVersion };
        for (var i = 0; i < prefix.Length; i++)
        {
            var e = new DecodedEvent
            {
                Type = EventType.View, OccurredAtMs = _nowMs + (i * ClickMs), Offset = i, UserHash = user.Key.Hash, Quantity = 1, UnitPriceE4 = -1, SchemaVersion = 1,
            };
            UserFold.Apply(user, e, prefix[i], null, _shard, this);
        }

        // Late: without the search by interest vectors, of which nothing is used here.
        _recommender.Collect(user, _shard.Vectors, _nowMs + (prefix.Length * ClickMs), _candidates, isLate: true);
        foreach (ref readonly var candidate in _candidates.Candidates)
        {
            if ((candidate.Sources & (1 << (int)CandidateSource.SessionNeighbours)) != 0 && candidate.Item < scores.Length) scores[candidate.Item] = candidate.Scores[(int)CandidateSource.SessionNeighbours];
        }
    }

    public void Dispose() => _index.Dispose();

    void IFoldOutputs.SessionClosed(UserState user) { }
    void IFoldOutputs.Linked(UserState guest, long offset) { }
    void IFoldOutputs.LinkedEvent(UserState guest, in DecodedEvent e, int item) { }
    void IFoldOutputs.Erased(UserState user, long offset) { }
    void IFoldOutputs.GuestErased(UserState user, LinkedGuest guest, long offset) { }

    private static ClosedSession Closed(ItemDictionary ids, SessionLog log, int session)
    {
        var endMs = FirstMs + (session * SessionMs);
        var items = log[session];
        var actions = new SessionAction[items.Length];
        for (var i = 0; i < actions.Length; i++) actions[i] = new SessionAction(ids.Text(items[i]), EventType.View.WireName(), endMs - ((actions.Length - 1 - i) * ClickMs));
        return new ClosedSession
        {
            SessionId = session.ToString(CultureInfo.InvariantCulture), UserHash = (ulong)session + 1, StartMs = endMs - (Math.Max(0, items.Length - 1) * ClickMs), EndMs = endMs, Actions = actions,
        };
    }
}
