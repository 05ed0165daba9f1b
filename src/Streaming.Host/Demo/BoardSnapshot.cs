using Streaming.Contracts;
using Streaming.Host.Inspect;

namespace Streaming.Host.Demo;

/// <summary>The demo's board at one time.</summary>
/// <param name="Seconds">Since the demo began.</param>
/// <param name="Events">Events the shop sent.</param>
/// <param name="EventsPerSecond">Rate over the last five seconds.</param>
/// <param name="EventsBySecond">Events of each of the last seconds, oldest first.</param>
/// <param name="Recommendations">Recommendations read.</param>
/// <param name="Degraded">How many of them were degraded.</param>
/// <param name="ChurnAlerts">Alerts read.</param>
/// <param name="DeadLetters">Dead letters read.</param>
/// <param name="DeadReasons">Dead letters by reason.</param>
/// <param name="SecondsToFirstRecommendation">Null until there is one.</param>
/// <param name="P50Ms">Median time from an event to its recommendation being readable, ms.</param>
/// <param name="P99Ms">99th percentile, ms.</param>
/// <param name="Latest">Latest recommendations, newest first.</param>
/// <param name="Alerts">Latest alerts, newest first.</param>
/// <param name="Notes">Latest log lines, oldest first.</param>
/// <param name="Profile">The profile on show.</param>
internal sealed record BoardSnapshot(double Seconds, long Events, double EventsPerSecond, IReadOnlyList<long> EventsBySecond, long Recommendations, long Degraded,
    long ChurnAlerts, long DeadLetters, IReadOnlyDictionary<string, long> DeadReasons, double? SecondsToFirstRecommendation, double P50Ms, double P99Ms,
    IReadOnlyList<Recommendation> Latest, IReadOnlyList<ChurnAlert> Alerts, IReadOnlyList<string> Notes, ProfileDocument? Profile);
