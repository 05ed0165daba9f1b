using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Decode;

namespace Streaming.Host.Audit;

/// <summary>What is audited, and what the engine was told to do.</summary>
public sealed record AuditOptions
{
    /// <summary>Topics of the engine.</summary>
    public TopicNames Topics { get; init; } = new();
    /// <summary>The engine's debounce of recommendations: a user needs none within this event time after the last one. 0 to 1 day.</summary>
    public TimeSpan RecommendDebounce { get; init; } = TimeSpan.Zero;
    /// <summary>False where the engine writes no recommendations.</summary>
    public bool Recommend { get; init; } = true;
    /// <summary>The churn settings that the whole log was written under: with them every alert that was due is asked for. Null: not known, since the log does not hold them; then each alert is judged, and none is missed.</summary>
    public ChurnOptions? Churn { get; init; }
    /// <summary>The limits of events that the whole log was written under. Null: not known; then a dead letter of a good event is a warning where its reason rests on a limit, and a loss elsewhere.</summary>
    public DecodeOptions? Decode { get; init; }
    /// <summary>Problems described in full; further ones are only counted. 0 to 100,000.</summary>
    public int MaxDetails { get; init; } = 20;
    /// <summary>Longest wait for a running engine's store to catch up with its last batch. 0 to 1 h.</summary>
    public TimeSpan StoreWait { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>Time between two looks at the store. 1 ms to 1 min.</summary>
    public TimeSpan StorePoll { get; init; } = TimeSpan.FromMilliseconds(500);
    /// <summary>Records between two reports of progress. At least 1.</summary>
    public int ReportEvery { get; init; } = 20_000;

    /// <summary>Every setting that is out of range.</summary>
    public IEnumerable<string> Validate()
    {
        if (RecommendDebounce < TimeSpan.Zero || RecommendDebounce > TimeSpan.FromDays(1)) yield return $"{nameof(RecommendDebounce)} must be between 0 and 1 day";
        if (MaxDetails is < 0 or > 100_000) yield return $"{nameof(MaxDetails)} must be between 0 and 100000";
        if (StoreWait < TimeSpan.Zero || StoreWait > TimeSpan.FromHours(1)) yield return $"{nameof(StoreWait)} must be between 0 and 1 h";
        if (StorePoll < TimeSpan.FromMilliseconds(1) || StorePoll > TimeSpan.FromMinutes(1)) yield return $"{nameof(StorePoll)} must be between 1 ms and 1 min";
        if (ReportEvery < 1) yield return $"{nameof(ReportEvery)} must be at least 1";
    }
}
