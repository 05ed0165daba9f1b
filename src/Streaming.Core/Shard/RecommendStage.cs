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
    private readonly int _partition;

    public RecommendStage(ShardServices services, OutputWriter writer, int partition)
    {
        _partition = partition;
        _services = services;
        _writer = writer;
        _recommender = services.Recommender();
        _sets = new CandidateSet[services.Shard.ScoreUsers];
        for (var i = 0; i < _sets.Length; i++) _sets[i] = new CandidateSet();
    }

    /// <summary>Writes one recommendation for each touched user that is due one.</summary>
    public async ValueTask RunAsync(ShardMemory memory, IReadOnlyList<Touched> touched, OutputBuffer outputs, CancellationToken cancellation)
    {
        if (!_services.Shard.Recommend) return;
        var started = _services.Time.GetTimestamp();
        Choose(memory, touched);
        for (var from = 0; from < _chosen.Count; from += _sets.Length)
        {
            var count = Math.Min(_sets.Length, _chosen.Count - from);
            var left = _services.Shard.ScoreBudget - _services.Time.GetElapsedTime(started);
            var outcome = await ScoreAsync(memory, from, count, left, cancellation).ConfigureAwait(false);
            ReadOnlySpan<float> scores = outcome == ScoreOutcome.Scored ? _request.Scores.Span : default;
            var emittedAtMs = _services.Time.GetUtcNow().ToUnixTimeMilliseconds();
            for (var i = 0; i < count; i++)
            {
                scores = Finish(memory, _chosen[from + i].User, _sets[i], outcome, scores, _services.Shard.ListLength);
                var t = _chosen[from + i];
#if SIMULATION_DEFECTS
                if (Defects.Has(Defect.ListOfABatchLost) && from + i == 0 && _chosen.Count > 1) continue;
#endif
                outputs.Add(OutputTopic.Recommendations, _partition, t.User.Key.Id, _writer.Recommendation(t.User, _sets[i], _services.Shard.Surface, ModelOf(outcome), EmbeddingOf(memory), t.Offset, t.OccurredAtMs, emittedAtMs));
                ShardMetrics.Recommendations.Add(1);
            }
        }
    }

    /// <summary>Works out lists that were asked for: nothing is remembered of them, and no record comes of them.</summary>
    public async ValueTask AnswerAsync(ShardMemory memory, IReadOnlyList<ListQuestion> asked, CancellationToken cancellation)
    {
        var started = _services.Time.GetTimestamp();
        _chosen.Clear();
        foreach (var question in asked)
        {
            var user = memory.Users.Find(question.Key);
            question.IsKnown = question.IsUnreadable || user is { IsErased: false };
            _chosen.Add(user is { IsErased: false } ? new Touched(user, -1, user.LastEventMs) : new Touched(new UserState(question.Key), -1, memory.State.StreamTimeMs));
        }

        for (var from = 0; from < asked.Count; from += _sets.Length)
        {
            var count = Math.Min(_sets.Length, asked.Count - from);
            var outcome = await ScoreAsync(memory, from, count, _services.Shard.ScoreBudget - _services.Time.GetElapsedTime(started), cancellation).ConfigureAwait(false);
            ReadOnlySpan<float> scores = outcome == ScoreOutcome.Scored ? _request.Scores.Span : default;
            for (var i = 0; i < count; i++)
            {
                var (question, chosen) = (asked[from + i], _chosen[from + i]);
                if (question.IsUnreadable) _sets[i].Degraded = "unreadable_profile";
                else if (!question.IsKnown) _sets[i].Degraded = "unknown_user";
                scores = Finish(memory, chosen.User, _sets[i], outcome, scores, question.Length > 0 ? question.Length : _services.Shard.ListLength);
                var json = _writer.AskedList(chosen.User, _sets[i], _services.Shard.Surface, ModelOf(outcome), EmbeddingOf(memory), memory.Position.Events, chosen.OccurredAtMs, _services.Time.GetUtcNow().ToUnixTimeMilliseconds());
                question.List = new UserList(json.ToArray(), question.IsKnown);
            }
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

    // Puts a list in its final order; returns the scores of those that follow.
    private ReadOnlySpan<float> Finish(ShardMemory memory, UserState user, CandidateSet set, ScoreOutcome outcome, ReadOnlySpan<float> scores, int length)
    {
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

        _recommender.Rerank(Profile(user), memory.State.StreamTimeMs, set, length);
        if (set.Count == 0)
        {
            ShardMetrics.Degraded.Add(1, new KeyValuePair<string, object?>("cause", "empty_catalogue"));
            set.Degraded = "empty_catalogue";
        }

        if (set.Degraded is not null) ShardMetrics.Degraded.Add(1, new KeyValuePair<string, object?>("cause", set.Degraded));
        return scores;
    }

    private string? ModelOf(ScoreOutcome outcome) => outcome == ScoreOutcome.Scored ? _request.ModelVersion : null;

    private static string? EmbeddingOf(ShardMemory memory) => memory.State.Tables.Count == 0 ? null : memory.State.Tables[^1].Sha256[..12];

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
