using Streaming.Core.Emit;
using Streaming.Core.Fold;
using Streaming.Core.Recall;
using Streaming.Core.Score;

namespace Streaming.Core.Shard;

/// <summary>Stages Recall, Score and Rerank for the users of a batch, some at a time, within the batch's budget.</summary>
internal sealed class RecommendStage
{
    private readonly ShardServices _services;
    private readonly IRecommender _recommender;
    private readonly OutputWriter _writer;
    private readonly CandidateSet[] _sets;
    private readonly ScoreRequest _request = new();
    private readonly List<Touched> _chosen = [];
    private readonly UserState _nobody = new(Events.UserKey.Guest("-"));

    public RecommendStage(ShardServices services, OutputWriter writer)
    {
        _services = services;
        _writer = writer;
        _recommender = services.Recommender();
        _sets = new CandidateSet[services.Shard.ScoreUsers];
        for (var i = 0; i < _sets.Length; i++) _sets[i] = new CandidateSet();
    }

    /// <summary>Writes one recommendation for each touched user that is due one.</summary>
    public async ValueTask RunAsync(ShardMemory memory, IReadOnlyList<Touched> touched, OutputBuffer outputs, int partition, CancellationToken cancellation)
    {
        if (!_services.Shard.Recommend) return;
        var started = _services.Time.GetTimestamp();
        Choose(memory, touched);
        for (var from = 0; from < _chosen.Count; from += _sets.Length)
        {
            var count = Math.Min(_sets.Length, _chosen.Count - from);
            var left = _services.Shard.ScoreBudget - _services.Time.GetElapsedTime(started);
            var outcome = await ScoreAsync(memory, from, count, left, cancellation).ConfigureAwait(false);
            Emit(memory, from, count, outcome, outputs, partition);
        }
    }

    private void Choose(ShardMemory memory, IReadOnlyList<Touched> touched)
    {
        _chosen.Clear();
        var debounceMs = (long)_services.Shard.RecommendDebounce.TotalMilliseconds;
        foreach (var t in touched)
        {
            if (t.User.IsErased) continue;
            if (debounceMs > 0 && t.User.RecommendedMs != 0 && memory.State.StreamTimeMs - t.User.RecommendedMs < debounceMs) continue;
            t.User.RecommendedMs = memory.State.StreamTimeMs;
            _chosen.Add(t);
        }
    }

    private async ValueTask<ScoreOutcome> ScoreAsync(ShardMemory memory, int from, int count, TimeSpan left, CancellationToken cancellation)
    {
        var now = memory.State.StreamTimeMs;
        var rows = 0;
        for (var i = 0; i < count; i++)
        {
            InterestFold.Derive(_chosen[from + i].User, memory.State);
            _recommender.Collect(Profile(_chosen[from + i].User), memory.State.Vectors, now, _sets[i], isLate: left <= TimeSpan.Zero);
            rows += _sets[i].Count;
        }

        if (left <= TimeSpan.Zero) return ScoreOutcome.Deadline;
        if (_services.Scorer.ModelVersion is null || rows == 0) return ScoreOutcome.NoModel;
        _request.Resize(rows);
        _request.Deadline = left;
        WriteFeatures(memory, from, count, now);
        return await _services.Scorer.ScoreAsync(_request, cancellation).ConfigureAwait(false);
    }

    private void WriteFeatures(ShardMemory memory, int from, int count, long now)
    {
        var features = _request.Features.Span;
        for (var i = 0; i < count; i++)
        {
            var length = _sets[i].Count * RankerFeatures.Count;
            _recommender.WriteFeatures(Profile(_chosen[from + i].User), memory.State.Vectors, now, _sets[i], features[..length]);
            features = features[length..];
        }
    }

    private void Emit(ShardMemory memory, int from, int count, ScoreOutcome outcome, OutputBuffer outputs, int partition)
    {
        var scores = outcome == ScoreOutcome.Scored ? _request.Scores.Span : default;
        var embedding = memory.State.Tables.Count == 0 ? null : memory.State.Tables[^1].Sha256[..12];
        var emittedAtMs = _services.Time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < count; i++)
        {
            var set = _sets[i];
            var t = _chosen[from + i];
            _recommender.Blend(set);
            if (outcome == ScoreOutcome.Scored)
            {
                TakeScores(set, scores[..set.Count]);
                scores = scores[set.Count..];
            }
            else
            {
                set.Degraded ??= Cause(outcome);
            }

            _recommender.Rerank(Profile(t.User), memory.State.StreamTimeMs, set, _services.Shard.ListLength);
            if (set.Count == 0)
            {
                ShardMetrics.Degraded.Add(1, new KeyValuePair<string, object?>("cause", "empty_catalogue"));
                set.Degraded = "empty_catalogue";
            }

            if (set.Degraded is not null) ShardMetrics.Degraded.Add(1, new KeyValuePair<string, object?>("cause", set.Degraded));
            outputs.Add(OutputTopic.Recommendations, partition, t.User.Key.Id, _writer.Recommendation(t.User, set, _services.Shard.Surface,
                outcome == ScoreOutcome.Scored ? _request.ModelVersion : null, embedding, t.Offset, t.OccurredAtMs, emittedAtMs));
            ShardMetrics.Recommendations.Add(1);
        }
    }

    // Rows that the model could not score go behind the scored ones, in the order of the blend.
    private static void TakeScores(CandidateSet set, ReadOnlySpan<float> scores)
    {
        var least = 0f;
        foreach (var score in scores)
        {
            if (float.IsFinite(score)) least = Math.Min(least, score);
        }

        // Steps that a float of the least score's size still tells apart.
        var step = Math.Max(1, Math.Abs(least) / 1024);
        var candidates = set.Candidates;
        for (var i = 0; i < candidates.Length; i++)
        {
            var blend = Math.Max(0, candidates[i].Score);
            candidates[i].Score = float.IsFinite(scores[i]) ? scores[i] : least - (step * (2 - (blend / (1 + blend))));
        }
    }

    // Without consent the answer is what anybody would get.
    private UserState Profile(UserState user) => user.Allows(ConsentFlags.Personalise) ? user : _nobody;

    private static string Cause(ScoreOutcome outcome) => outcome switch
    {
        ScoreOutcome.NoModel => "no_model",
        ScoreOutcome.Shed => "shed",
        ScoreOutcome.Deadline => "deadline",
        _ => "model_failed",
    };
}
