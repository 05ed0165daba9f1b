using System.Text;

namespace Streaming.Training.Churn;

/// <summary>What a model sees of a customer at the end of a day; only what happened by then.</summary>
/// <param name="bgNbd">Fitted on the same data.</param>
/// <param name="paretoNbd">Fitted on the same data.</param>
/// <param name="seasonal">True where the data span two years: only then can the time of the year be told from a trend.</param>
public sealed class ChurnFeatures(PurchaseProcess bgNbd, PurchaseProcess paretoNbd, bool seasonal)
{
    /// <summary>A gap of this many days is mixed into each customer's mean gap with the weight of one: no gap is known after one purchase.</summary>
    private const double PriorGapDays = 60;
    private const double DaysInWeek = 7, DaysInYear = 365.25;
    private const double SmallestLogit = -12;

    /// <summary>Names in column order.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "log_silence", "log_occasions", "log_age", "log_silence_per_gap", "once", "log_count_30", "log_count_90", "log_count_180", "log_decayed_30", "log_decayed_90",
        "gap_variation", "log_silence_per_last_gap", "log_silence_per_longest_gap", "log_mean_spend", "log_spend", "log_last_spend_ratio", "log_mean_units", "log_mean_lines", "log_returns",
        "active_share", "trend_90", "bgnbd_logit", "paretonbd_logit", "bgnbd_alive_logit", "paretonbd_alive_logit", "year_sin", "year_cos", "half_year_sin", "half_year_cos",
    ];

    /// <summary>Number of features.</summary>
    public static int Count => Names.Count;

    /// <summary>Name of the list: sha256 of the names, a line each.</summary>
    public static string Hash => ModelHash.Of(Encoding.UTF8.GetBytes(string.Join('\n', Names)));

    /// <summary>Fills one row.</summary>
    /// <param name="customer">With a purchase at or before the day.</param>
    /// <param name="day">End of what is known.</param>
    /// <param name="days">Length of the window that is asked about, from the day after on.</param>
    /// <param name="into">[Count].</param>
    public void Fill(CustomerPurchases customer, int day, int days, Span<float> into)
    {
        var count = customer.CountUpTo(day);
        var bought = customer.Purchases.AsSpan(0, count);
        var (silence, age, active) = (day - bought[^1].Day, day - bought[0].Day, bought[^1].Day - bought[0].Day);
        var money = Spending(bought);
        var gaps = Gaps(bought);
        var window = Windows(bought, day);
        into[0] = Log1(silence);
        into[1] = (float)Math.Log(count);
        into[2] = Log1(age);
        into[3] = Log1(silence * count / (active + PriorGapDays));
        into[4] = count == 1 ? 1 : 0;
        into[5] = Log1(window.In30);
        into[6] = Log1(window.In90);
        into[7] = Log1(window.In180);
        into[8] = (float)Math.Log(0.01 + window.Decayed30);
        into[9] = (float)Math.Log(0.01 + window.Decayed90);
        into[10] = (float)gaps.Variation;
        into[11] = gaps.Last > 0 ? Log1(silence / gaps.Last) : 0;
        into[12] = gaps.Longest > 0 ? Log1(silence / gaps.Longest) : 0;
        into[13] = Log1(money.Spend / count);
        into[14] = Log1(money.Spend);
        into[15] = (float)Math.Log((1 + Math.Max(0, bought[^1].Spend)) / (1 + (money.Spend / count)));
        into[16] = Log1(money.Units / count);
        into[17] = Log1(money.Lines / count);
        into[18] = Log1(customer.ReturnsUpTo(day));
        into[19] = (float)((double)window.ActiveMonths / (1 + (age / 30)));
        into[20] = (float)Math.Log((window.In90 + 0.5) / ((count * 90.0 / Math.Max(90, age + 1)) + 0.5));
        var summary = BuyerSummary.Of(customer, day);
        into[21] = Logit(1 - bgNbd.NoPurchase(summary, days / DaysInWeek));
        into[22] = Logit(1 - paretoNbd.NoPurchase(summary, days / DaysInWeek));
        into[23] = Logit(bgNbd.Alive(summary));
        into[24] = Logit(paretoNbd.Alive(summary));
        var turn = seasonal ? 2 * Math.PI * (day + (days / 2.0)) / DaysInYear : 0;
        into[25] = (float)Math.Sin(turn);
        into[26] = seasonal ? (float)Math.Cos(turn) : 0;
        into[27] = (float)Math.Sin(2 * turn);
        into[28] = seasonal ? (float)Math.Cos(2 * turn) : 0;
    }

    private static (double Spend, double Units, double Lines) Spending(ReadOnlySpan<Purchase> bought)
    {
        double spend = 0, units = 0, lines = 0;
        foreach (var purchase in bought)
        {
            spend += Math.Max(0, purchase.Spend);
            units += purchase.Units;
            lines += purchase.Lines;
        }

        return (spend, units, lines);
    }

    private static (double Variation, double Last, double Longest) Gaps(ReadOnlySpan<Purchase> bought)
    {
        if (bought.Length < 2) return (0, 0, 0);
        double sum = 0, squares = 0, longest = 0;
        for (var i = 1; i < bought.Length; i++)
        {
            double gap = bought[i].Day - bought[i - 1].Day;
            sum += gap;
            squares += gap * gap;
            longest = Math.Max(longest, gap);
        }

        var n = bought.Length - 1;
        var mean = sum / n;
        return (Math.Sqrt(Math.Max(0, (squares / n) - (mean * mean))) / mean, bought[^1].Day - bought[^2].Day, longest);
    }

    private static (int In30, int In90, int In180, double Decayed30, double Decayed90, int ActiveMonths) Windows(ReadOnlySpan<Purchase> bought, int day)
    {
        int in30 = 0, in90 = 0, in180 = 0, months = 0, month = -1;
        double decayed30 = 0, decayed90 = 0;
        for (var i = bought.Length - 1; i >= 0; i--)
        {
            var ago = day - bought[i].Day;
            if (ago < 30) in30++;
            if (ago < 90) in90++;
            if (ago < 180) in180++;
            decayed30 += Math.Pow(0.5, ago / 30.0);
            decayed90 += Math.Pow(0.5, ago / 90.0);
            if (ago / 30 != month) months++;
            month = ago / 30;
        }

        return (in30, in90, in180, decayed30, decayed90, months);
    }

    private static float Log1(double value) => (float)Math.Log(1 + Math.Max(0, value));

    private static float Logit(double p) => (float)Math.Clamp(LogMath.Logit(Math.Clamp(p, 1e-12, 1 - 1e-12)), SmallestLogit, -SmallestLogit);
}
