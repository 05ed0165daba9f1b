using System.Text;
using Streaming.Contracts;
using Streaming.Core.Recall;
using Streaming.Core.Score;
using Streaming.Training.History;

namespace Streaming.Training.Ranker;

/// <summary>
/// Turns a history into labelled moments, strictly test-then-train: just before an event of a user the engine's recommender is asked, with the state and index as
/// of then; the answer is what the user acts on from that event on, within a horizon; only then is the event folded. The item that the user's latest action was on is
/// no answer: to put into the cart what is on the screen needs no recommendation.
/// </summary>
public sealed class RankerDatasetBuilder
{
    private const int ProgressEvery = 4096;
    private readonly RankerDatasetOptions _options;
    private readonly HistoryReplay _replay;
    private readonly CandidateSet _candidates = new();
    private readonly Dictionary<int, float> _gains = [];
    private readonly SeededRandom _random;
    private float[] _features = [];

    private RankerDatasetBuilder(RankerDatasetOptions options, HistoryReplay replay)
    {
        _options = options;
        _replay = replay;
        _random = new SeededRandom((ulong)options.Seed);
    }

    /// <summary>Builds the data set.</summary>
    /// <param name="history">Ordered by time.</param>
    /// <param name="replayOptions">Settings the model will serve under.</param>
    /// <param name="options">Which moments to take.</param>
    /// <param name="progress">Told the share done.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">The history is out of order, or an option is out of its range.</exception>
    public static RankerDataset Build(TrainingHistory history, HistoryReplayOptions replayOptions, RankerDatasetOptions options, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        history.RequireOrder();
        if (replayOptions.Validate().Concat(options.Validate()).ToArray() is { Length: > 0 } errors) throw new ArgumentException(string.Join("; ", errors));
        if (history.Events.Count == 0) throw new ArgumentException("the history has no events");
        using var replay = new HistoryReplay(history.Catalog, replayOptions);
        return new RankerDatasetBuilder(options, replay).Run(history.Events, progress, cancellation);
    }

    /// <summary>Types that show what a user wanted; the gain of each is its share of the target.</summary>
    internal static float GainOf(EventType type) => type switch
    {
        EventType.View or EventType.Click => 1,
        EventType.AddToCart or EventType.Wishlist => 2,
        EventType.Purchase => 3,
        _ => 0,
    };

    private RankerDataset Run(IReadOnlyList<TrainingEvent> events, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var next = NextOfUser.Of(events);
        var from = (int)(events.Count * _options.WarmUpShare);
        var split = (int)(events.Count * (1 - _options.HoldoutShare));
        var splitMs = events[Math.Min(split, events.Count - 1)].AtMs;
        var trainShare = Share(events, from, split, _options.MaxTrainGroups);
        var holdoutShare = Share(events, split, events.Count, _options.MaxHoldoutGroups);
        List<RankerGroup> train = [], holdout = [];
        for (var i = 0; i < events.Count; i++)
        {
            if (i % ProgressEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(new TrainProgress("replay", (double)i / events.Count));
            }

            if (i >= from && IsMoment(events[i]) && _random.Uniform() < (i < split ? trainShare : holdoutShare))
            {
                if (i >= split) AddIf(holdout, Moment(events, next, i, int.MaxValue), _options.MaxHoldoutGroups, g => g.Targets > 0);
                else if (events[i].AtMs + (long)_options.Horizon.TotalMilliseconds < splitMs) AddIf(train, Moment(events, next, i, _options.MaxNegatives), _options.MaxTrainGroups, g => g.HasGain);
            }

            _replay.Apply(events[i]);
        }

        return new RankerDataset(train, holdout, events[0].AtMs, events[^1].AtMs);
    }

    private static void AddIf(List<RankerGroup> groups, RankerGroup group, int max, Predicate<RankerGroup> wanted)
    {
        if (groups.Count < max && wanted(group)) groups.Add(group);
    }

    private static double Share(IReadOnlyList<TrainingEvent> events, int from, int to, int max)
    {
        var moments = 0;
        for (var i = from; i < to; i++)
        {
            if (IsMoment(events[i])) moments++;
        }

        return moments == 0 ? 0 : (double)max / moments;
    }

    private static bool IsMoment(in TrainingEvent e) => e.ItemId is not null && GainOf(e.Type) > 0;

    private RankerGroup Moment(IReadOnlyList<TrainingEvent> events, int[] next, int at, int maxNegatives)
    {
        var e = events[at];
        _replay.AdvanceTo(e.AtMs);
        var user = _replay.User(e);
        var recommender = _replay.Recommender;
        recommender.Collect(user, _replay.Vectors, e.AtMs, _candidates);
        if (_features.Length < _candidates.Count * RankerFeatures.Count) _features = new float[_candidates.Count * RankerFeatures.Count];
        recommender.WriteFeatures(user, _replay.Vectors, e.AtMs, _candidates, _features);
        recommender.Blend(_candidates);
        var targets = Answer(events, next, at, user.RingCount == 0 ? -1 : user.RingAt(user.RingCount - 1).Item);
        return Group(e.AtMs, targets, maxNegatives);
    }

    /// <summary>Gains of the items that the user acts on from here on; the number of distinct ones, unknown items included.</summary>
    private int Answer(IReadOnlyList<TrainingEvent> events, int[] next, int at, int latest)
    {
        _gains.Clear();
        var until = events[at].AtMs + (long)_options.Horizon.TotalMilliseconds;
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (var i = at; i >= 0 && events[i].AtMs <= until && seen.Count < _options.MaxTargets; i = next[i])
        {
            if (!IsMoment(events[i])) continue;
            var itemId = events[i].ItemId!;
            var item = _replay.Items.Find(Encoding.UTF8.GetBytes(itemId));
            if (item >= 0 && item == latest) continue;
            seen.Add(itemId);
            if (item >= 0) _gains[item] = Math.Max(_gains.GetValueOrDefault(item), GainOf(events[i].Type));
        }

        return seen.Count;
    }

    private RankerGroup Group(long atMs, int targets, int maxNegatives)
    {
        var candidates = _candidates.Candidates;
        var keep = Keep(candidates, maxNegatives, out var negatives, out var kept);
        var f = RankerFeatures.Count;
        var group = new RankerGroup
        {
            AtMs = atMs, Targets = targets, Features = new float[keep.Count * f], Gains = new float[keep.Count], Blend = new float[keep.Count],
            NegativeWeight = kept == 0 ? 1 : (float)negatives / kept,
        };
        for (var r = 0; r < keep.Count; r++)
        {
            _features.AsSpan(keep[r] * f, f).CopyTo(group.Features.AsSpan(r * f));
            group.Gains[r] = _gains.GetValueOrDefault(candidates[keep[r]].Item);
            group.Blend[r] = candidates[keep[r]].Score;
        }

        return group;
    }

    /// <summary>Every candidate with a gain, and an even sample of the others, in the order of candidates (selection sampling: Knuth, TAOCP 3.4.2, algorithm S).</summary>
    private List<int> Keep(Span<Candidate> candidates, int maxNegatives, out int negatives, out int kept)
    {
        negatives = 0;
        foreach (ref readonly var candidate in candidates)
        {
            if (!_gains.ContainsKey(candidate.Item)) negatives++;
        }

        var wanted = kept = Math.Min(maxNegatives, negatives);
        var left = negatives;
        var keep = new List<int>(candidates.Length);
        for (var i = 0; i < candidates.Length; i++)
        {
            if (_gains.ContainsKey(candidates[i].Item))
            {
                keep.Add(i);
                continue;
            }

            if (wanted == left || _random.Uniform() * left < wanted)
            {
                keep.Add(i);
                wanted--;
            }

            left--;
        }

        return keep;
    }
}
