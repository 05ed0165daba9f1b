using Streaming.Core.Fold;

namespace Streaming.Core.Churn;

/// <summary>
/// A calibrated logistic hazard over recency, frequency, age and gap ratio. It speaks of P(no purchase within h days), never of P(alive):
/// one-time buyers would rank backwards.
/// </summary>
public sealed class ChurnModel(ChurnOptions options)
{
    private const double DayMs = 86_400_000;
    private const int SearchDays = 3 * 365;

    /// <summary>Options in force.</summary>
    public ChurnOptions Options => options;

    /// <summary>Name in alerts.</summary>
    public string Version { get; } = "logistic-hazard-1";

    /// <summary>True where the definition fits: the user bought something and is not erased.</summary>
    public static bool Fits(UserState user) => user.Purchases.Occasions > 0 && !user.IsErased;

    /// <summary>P(no purchase within the horizon after a time), for a user whom the definition fits.</summary>
    public double Risk(UserState user, long nowMs)
    {
        ref readonly var p = ref user.Purchases;
        var silenceDays = Math.Max(0, nowMs - p.LastMs) / DayMs;
        var ageDays = Math.Max(0, nowMs - p.FirstMs) / DayMs;
        var x = options.Bias
            + (options.Recency * Math.Log(1 + silenceDays))
            + (options.Frequency * Math.Log(p.Occasions))
            + (options.Age * Math.Log(1 + ageDays))
            + (options.GapRatio * Math.Log(1 + (silenceDays / MeanGapDays(p))))
            + (p.Occasions == 1 ? options.NoRepeat : 0);
        return 1 / (1 + Math.Exp(-x));
    }

    /// <summary>Mean amount of a purchase occasion × (1 − risk), in the user's own currency: what is expected of the next one.</summary>
    public static double ExpectedValue(UserState user, double risk)
    {
        ref readonly var p = ref user.Purchases;
        return (p.Occasions == 0 ? 0 : p.AmountE4 / 10_000.0 / p.Occasions) * (1 - risk);
    }

    /// <summary>True where a user whom the definition fits, and who was not alerted in this episode, is to be alerted: the risk is high enough, was so for the dwell, and had fallen since the last alert.</summary>
    /// <param name="user">The user.</param>
    /// <param name="nowMs">As of, ms.</param>
    /// <param name="risk">The risk.</param>
    public bool IsAtRisk(UserState user, long nowMs, out double risk)
    {
        risk = Risk(user, nowMs);
        if (risk < options.Enter || HasNotLeft(user)) return false;
        if (options.DwellDays == 0) return true;
        var since = nowMs - (long)(options.DwellDays * DayMs);
        return since >= user.Purchases.LastMs && Risk(user, since) >= options.Enter;
    }

    // Alerted in an episode before, and the purchase that began this one did not bring the risk below Leave.
    private bool HasNotLeft(UserState user) => options.Leave > 0 && user.AlertedEpisode >= 0 && Risk(user, user.Purchases.LastMs) >= options.Leave;

    /// <summary>What raises the risk, the strongest share of the log-odds first: code, the figure a person reads, its share. Never empty for a user whom the definition fits.</summary>
    /// <param name="user">The user.</param>
    /// <param name="nowMs">As of, ms.</param>
    /// <param name="into">At least three places.</param>
    /// <returns>How many were written.</returns>
    public int Reasons(UserState user, long nowMs, Span<ChurnReasonShare> into)
    {
        ref readonly var p = ref user.Purchases;
        var silenceDays = Math.Max(0, nowMs - p.LastMs) / DayMs;
        var ratio = silenceDays / MeanGapDays(p);
        into[0] = new("days_since_purchase", silenceDays, options.Recency * Math.Log(1 + silenceDays));
        into[1] = new("gap_ratio", ratio, options.GapRatio * Math.Log(1 + ratio));
        into[2] = new("single_purchase", 1, p.Occasions == 1 ? options.NoRepeat : 0);
        into[..3].Sort(static (a, b) => b.Share.CompareTo(a.Share));
        var count = 0;
        while (count < 3 && into[count].Share > 0) count++;
        return Math.Max(1, count);
    }

    /// <summary>Mean gap between purchase occasions, days; the default where there was only one.</summary>
    public double MeanGapDays(in PurchaseState purchases) =>
        purchases.GapCount == 0 ? options.DefaultGapDays : Math.Max(1, purchases.GapMeanMs / DayMs);

    /// <summary>
    /// When to look again: the first whole day after the last purchase, from a time on, at which the risk of this silence has stood at the alert's threshold for the dwell, ms; 0: within three years never.
    /// </summary>
    public long NextCheckMs(UserState user, long fromMs)
    {
        if (!options.Enabled || !Fits(user) || user.AlertedEpisode == user.EpisodePosition || HasNotLeft(user)) return 0;
        var last = user.Purchases.LastMs;
        var low = Math.Max(0, (int)Math.Ceiling((fromMs - last) / DayMs) - options.DwellDays);
        var high = low + SearchDays;
        if (Risk(user, last + (long)(high * DayMs)) < options.Enter) return 0;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Risk(user, last + (long)(middle * DayMs)) >= options.Enter) high = middle;
            else low = middle + 1;
        }

        return last + (long)((low + options.DwellDays) * DayMs);
    }
}
