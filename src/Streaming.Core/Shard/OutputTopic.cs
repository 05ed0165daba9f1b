namespace Streaming.Core.Shard;

/// <summary>Topics a shard writes inside its transaction.</summary>
public enum OutputTopic
{
    /// <summary>Recommendations, own partition number.</summary>
    Recommendations,
    /// <summary>Churn alerts, own partition number.</summary>
    ChurnAlerts,
    /// <summary>Closed sessions, own partition number.</summary>
    Sessions,
    /// <summary>Dead letters, own partition number.</summary>
    DeadLetters,
    /// <summary>Batch records, own partition number.</summary>
    Control,
    /// <summary>Guest deltas, the target user's partition.</summary>
    Links,
    /// <summary>Erase records for linked guests, the guest's partition of <c>events</c>.</summary>
    Events,
}
