namespace Streaming.Faults.Engine;

/// <summary>
/// A churn model that has something to say in every minute of a case, and from its first seconds on: who bought once is alerted at once, who bought more than once after a day of event time without a purchase.
/// By the product's own a user had to be silent for weeks, and the cases would show nothing of alerts.
/// </summary>
internal static class AlertSettings
{
    /// <summary>The settings.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["Churn:Enter"] = "0.51", ["Churn:Bias"] = "0", ["Churn:Recency"] = "1", ["Churn:Frequency"] = "0", ["Churn:Age"] = "0", ["Churn:GapRatio"] = "0", ["Churn:NoRepeat"] = "0.1",
    };
}
