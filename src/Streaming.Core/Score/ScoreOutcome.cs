namespace Streaming.Core.Score;

/// <summary>How a request for scores ended. Anything but <see cref="Scored"/> makes the answer <c>degraded</c> with this reason.</summary>
public enum ScoreOutcome
{
    /// <summary>Every row has a finite score, or NaN where the model gave none (counted; the caller falls back for that row).</summary>
    Scored,
    /// <summary>No model is loaded.</summary>
    NoModel,
    /// <summary>The queue was full.</summary>
    Shed,
    /// <summary>The deadline passed first.</summary>
    Deadline,
    /// <summary>The model run failed.</summary>
    Failed,
}
