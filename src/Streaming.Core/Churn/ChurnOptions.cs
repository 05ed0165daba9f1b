namespace Streaming.Core.Churn;

/// <summary>
/// The churn definition and the logistic hazard's coefficients: P(no purchase within the horizon) = σ(Bias + …). The coefficients belong to the horizon
/// that they were fitted for; docs/decisions/0008 says how the defaults were fitted.
/// </summary>
public sealed record ChurnOptions
{
    /// <summary>False: no alerts.</summary>
    public bool Enabled { get; init; } = true;
    /// <summary>Horizon h, days (1 to 730).</summary>
    public int HorizonDays { get; init; } = 90;
    /// <summary>Risk at or above which an alert is sent (0 to 1).</summary>
    public double Enter { get; init; } = 0.6;
    /// <summary>Share of users kept as hold-out: alerts with treatment false (0 to 1).</summary>
    public double HoldOut { get; init; } = 0.1;
    /// <summary>
    /// Who was alerted is at risk until the risk right after a purchase is below this, and is not alerted anew in an episode that begins above it (0 to 1, at most <see cref="Enter"/>). 0: each purchase ends it.
    /// </summary>
    public double Leave { get; init; }
    /// <summary>Days for which the risk must have stood at <see cref="Enter"/> or above before an alert (0 to 365).</summary>
    public int DwellDays { get; init; }
    /// <summary>Days between two alerts of one user at least, over episodes (0 to 730). Counted from alerts that went out while this was above 0.</summary>
    public int CoolDownDays { get; init; }
    /// <summary>Alerts a day of the whole shop, hold-outs among them (0 to 1,000,000,000). 0: no limit. Each of N shards has an Nth part; what does not divide goes to other shards each day.</summary>
    public int BudgetPerDay { get; init; }
    /// <summary>Hour of the shop's clock at which a day's budget is spent, those with most to lose first (0 to 23). Must not be quiet.</summary>
    public int BudgetHour { get; init; } = 9;
    /// <summary>First hour of the shop's clock in which no alert goes out (0 to 23). The same as <see cref="QuietTo"/>: there is none.</summary>
    public int QuietFrom { get; init; }
    /// <summary>Hour at which quiet hours end (0 to 23).</summary>
    public int QuietTo { get; init; }
    /// <summary>The shop's time zone, an IANA name such as <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; init; } = "UTC";
    /// <summary>Mean gap assumed for users with a single purchase occasion, days.</summary>
    public double DefaultGapDays { get; init; } = 60;
    /// <summary>Intercept.</summary>
    public double Bias { get; init; } = 0.232;
    /// <summary>Weight of ln(1 + days since the last purchase).</summary>
    public double Recency { get; init; }
    /// <summary>Weight of ln(purchase occasions).</summary>
    public double Frequency { get; init; } = -1.691;
    /// <summary>Weight of ln(1 + days since the first purchase).</summary>
    public double Age { get; init; } = 0.096;
    /// <summary>Weight of ln(1 + silence / own mean gap).</summary>
    public double GapRatio { get; init; } = 0.261;
    /// <summary>Added for users without a repeat purchase.</summary>
    public double NoRepeat { get; init; } = -0.227;

    /// <summary>True where an alert that is due may have to wait: the plan of a check then says more than the purchases do.</summary>
    public bool HoldsAlerts => BudgetPerDay > 0 || QuietFrom != QuietTo || CoolDownDays > 0;

    /// <summary>True where an hour of the shop's clock is quiet.</summary>
    public bool IsQuietHour(int hour) => QuietFrom <= QuietTo ? hour >= QuietFrom && hour < QuietTo : hour >= QuietFrom || hour < QuietTo;

    /// <summary>Every value outside its range.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var error in ValidateAlerts()) yield return error;
        if (HorizonDays is < 1 or > 730) yield return "Churn:HorizonDays must be 1 to 730";
        if (Enter is not (> 0 and < 1)) yield return "Churn:Enter must lie between 0 and 1";
        if (HoldOut is not (>= 0 and <= 1)) yield return "Churn:HoldOut must be 0 to 1";
        if (DefaultGapDays is not (>= 1 and <= 3650)) yield return "Churn:DefaultGapDays must be 1 to 3650";
        foreach (var (name, value) in new[] { ("Bias", Bias), ("Recency", Recency), ("Frequency", Frequency), ("Age", Age), ("GapRatio", GapRatio), ("NoRepeat", NoRepeat) })
        {
            if (!double.IsFinite(value)) yield return $"Churn:{name} must be a finite number";
        }
    }

    private IEnumerable<string> ValidateAlerts()
    {
        if (!(Leave >= 0 && Leave <= Enter)) yield return "Churn:Leave must be 0 to Churn:Enter";
        if (DwellDays is < 0 or > 365) yield return "Churn:DwellDays must be 0 to 365";
        if (CoolDownDays is < 0 or > 730) yield return "Churn:CoolDownDays must be 0 to 730";
        if (BudgetPerDay is < 0 or > 1_000_000_000) yield return "Churn:BudgetPerDay must be 0 to 1000000000";
        if (BudgetHour is < 0 or > 23) yield return "Churn:BudgetHour must be 0 to 23";
        if (QuietFrom is < 0 or > 23) yield return "Churn:QuietFrom must be 0 to 23";
        if (QuietTo is < 0 or > 23) yield return "Churn:QuietTo must be 0 to 23";
        if (BudgetPerDay > 0 && IsQuietHour(BudgetHour)) yield return "Churn:BudgetHour must not lie in the quiet hours (Churn:QuietFrom to Churn:QuietTo)";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _)) yield return $"Churn:TimeZone must be a time zone that this machine knows, such as Europe/Berlin; '{TimeZone}' is none";
    }
}
