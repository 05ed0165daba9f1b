namespace Streaming.Host.Audit.Reference;

/// <summary>
/// When an alert is due, written from docs/decisions/0008 ("When a user is looked at") and 0037, and the settings <c>Churn:*</c>, of which the log says nothing: whoever asks must know them. The same text gives the same figures
/// only nearly on another machine (logarithms), so a risk within <see cref="Tolerance"/> of the threshold decides nothing.
/// </summary>
internal sealed record RefChurn(double Enter, double DefaultGapDays, double Bias, double Recency, double Frequency, double Age, double GapRatio, double NoRepeat)
{
    private const double DayMs = 86_400_000;
    private const int YearsDays = 3 * 365;
    private const double Tolerance = 1e-9;

    /// <summary>Below which the risk after a purchase ends what was alerted before; 0: any purchase does.</summary>
    public double Leave { get; init; }

    /// <summary>Days for which the risk must have been high enough.</summary>
    public int DwellDays { get; init; }

    /// <summary>Days between two alerts of one user.</summary>
    public int CoolDownDays { get; init; }

    /// <summary>Days, quiet hours and budget.</summary>
    public RefCalendar? Calendar { get; init; }

    /// <summary>True where silence never lowers the risk: only then is the first day at which it is high enough the day of the check, whoever looks for it, and from when on.</summary>
    public bool NeverFalls => Recency >= 0 && Age >= 0 && GapRatio >= 0;

    /// <summary>True where the definition fits.</summary>
    public static bool Fits(RefProfile user) => user.Purchases.Occasions > 0 && !user.IsErased;

    /// <summary>True where the risk at a time is below the threshold beyond doubt.</summary>
    public bool IsTooEarly(RefProfile user, long atMs)
    {
        var since = atMs - (long)(DwellDays * DayMs);
        return Risk(user, atMs) < Enter - Tolerance || (DwellDays > 0 && (since < user.Purchases.LastMs || Risk(user, since) < Enter - Tolerance));
    }

    /// <summary>True where the purchase that began the episode left the risk, beyond doubt, where who was alerted before counts as at risk still.</summary>
    public bool HasNotLeft(RefProfile user) => Leave > 0 && Risk(user, user.Purchases.LastMs) >= Leave + Tolerance;

    /// <summary>The first whole day after the last purchase that may be the day of the check, ms.</summary>
    public long EarliestMs(RefProfile user)
    {
        var day = DwellDays;
        while (Risk(user, At(user, day - DwellDays)) < Enter - Tolerance && day < YearsDays + DwellDays) day++;
        return At(user, day);
    }

    /// <summary>What there is to lose: the risk times what is expected of the next purchase.</summary>
    public double Worth(RefProfile user, long atMs)
    {
        var (p, risk) = (user.Purchases, Risk(user, atMs));
        return risk * (p.Occasions == 0 ? 0 : p.AmountE4 / 10_000.0 / p.Occasions * (1 - risk));
    }

    /// <summary>The first whole day after the last purchase, at or after a time, at which the risk is high enough beyond doubt, ms; 0: within three years none, or the user was alerted in this episode.</summary>
    public long NextCheckMs(RefProfile user, long fromMs)
    {
        if (!Fits(user) || user.AlertedEpisode == user.EpisodePosition) return 0;
        if (Leave > 0 && user.AlertedEpisode >= 0 && Risk(user, user.Purchases.LastMs) >= Leave - Tolerance) return 0;
        var first = (long)Math.Max(0, Math.Ceiling((fromMs - user.Purchases.LastMs) / DayMs) - DwellDays);
        if (!IsHigh(first + YearsDays)) return 0;
        var day = first;
        while (!IsHigh(day)) day++;
        return At(user, day + DwellDays);

        bool IsHigh(long days) => Risk(user, At(user, days)) >= Enter + Tolerance;
    }

    private static long At(RefProfile user, long days) => user.Purchases.LastMs + (long)(days * DayMs);

    private double Risk(RefProfile user, long atMs)
    {
        var p = user.Purchases;
        var silence = Math.Max(0, atMs - p.LastMs) / DayMs;
        var age = Math.Max(0, atMs - p.FirstMs) / DayMs;
        var gap = p.GapCount == 0 ? DefaultGapDays : Math.Max(1, p.GapMeanMs / DayMs);
        var odds = Bias + (Recency * Math.Log(1 + silence)) + (Frequency * Math.Log(p.Occasions)) + (Age * Math.Log(1 + age)) + (GapRatio * Math.Log(1 + (silence / gap)));
        if (p.Occasions == 1) odds += NoRepeat;
        return 1 / (1 + Math.Exp(-odds));
    }
}
