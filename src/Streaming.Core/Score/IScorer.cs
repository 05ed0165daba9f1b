namespace Streaming.Core.Score;

/// <summary>Scores candidate rows. One service a node joins the requests of all shards into one model run.</summary>
public interface IScorer
{
    /// <summary>Model in force, for outputs; null where none is loaded.</summary>
    string? ModelVersion { get; }

    /// <summary>Scores every row of a request in place. Never throws for a model's failure: the outcome says it, and the caller falls back.</summary>
    ValueTask<ScoreOutcome> ScoreAsync(ScoreRequest request, CancellationToken cancellation);
}
