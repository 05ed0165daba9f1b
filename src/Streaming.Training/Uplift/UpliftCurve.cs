namespace Streaming.Training.Uplift;

/// <summary>
/// A trial in the order of a score, and its figures as scikit-uplift 0.5 defines them (<c>sklift.metrics</c>: qini_auc_score with negative effects, uplift_auc_score, uplift_at_k with strategy overall): customers of equal score are one threshold of the
/// curves; among equal scores the later row stands first at the cut of the best 30 %. Rows may count several times, as a bootstrap draws them. Outcomes that are not 0 or 1, which scikit-uplift does not take, are held against the order of
/// the signed outcome (a treated customer's counts up, an untreated one's down).
/// </summary>
internal sealed class UpliftCurve
{
    private readonly bool[] _treated;
    private readonly double[] _outcome;
    private readonly int[] _order;
    private readonly bool[] _ends;

    /// <summary>Sorts.</summary>
    public UpliftCurve(double[] scores, bool[] treated, double[] outcome)
    {
        (_treated, _outcome) = (treated, outcome);
        _order = [.. Enumerable.Range(0, scores.Length).OrderByDescending(r => scores[r]).ThenByDescending(r => r)];
        _ends = [.. Enumerable.Range(0, scores.Length).Select(i => i == scores.Length - 1 || scores[_order[i]] != scores[_order[i + 1]])];
    }

    /// <summary>Curves of the best order that the outcomes allow, for uplift.</summary>
    public static UpliftCurve PerfectUplift(bool[] treated, double[] outcome)
    {
        if (!Array.TrueForAll(outcome, y => y is 0 or 1)) return PerfectQini(treated, outcome);
        var responders = outcome.Where((y, i) => y == 1 && !treated[i]).Count();
        var indifferent = outcome.Where((y, i) => y == 0 && treated[i]).Count();
        return new UpliftCurve([.. outcome.Select((y, i) => (y == 1 == treated[i] ? 2 : 0) + (responders > indifferent ? y : treated[i] ? 1 : 0))], treated, outcome);
    }

    /// <summary>Curves of the best order that the outcomes allow, for Qini.</summary>
    public static UpliftCurve PerfectQini(bool[] treated, double[] outcome) => new([.. outcome.Select((y, i) => treated[i] ? y : -y)], treated, outcome);

    /// <summary>Areas above the straight line from nothing to everyone, uplift and Qini.</summary>
    /// <param name="times">How often each row counts; null: once.</param>
    public (double Uplift, double Qini) Areas(int[]? times = null)
    {
        double treated = 0, control = 0, gainTreated = 0, gainControl = 0, areaUplift = 0, areaQini = 0, lastAt = 0, lastUplift = 0, lastQini = 0;
        for (var i = 0; i < _order.Length; i++)
        {
            var row = _order[i];
            var count = times is null ? 1 : times[row];
            if (_treated[row]) (treated, gainTreated) = (treated + count, gainTreated + (count * _outcome[row]));
            else (control, gainControl) = (control + count, gainControl + (count * _outcome[row]));
            if (!_ends[i] || treated + control == lastAt) continue;
            var at = treated + control;
            var uplift = ((treated > 0 ? gainTreated / treated : 0) - (control > 0 ? gainControl / control : 0)) * at;
            var qini = gainTreated - (control > 0 ? gainControl * treated / control : 0);
            areaUplift += (at - lastAt) * (uplift + lastUplift) / 2;
            areaQini += (at - lastAt) * (qini + lastQini) / 2;
            (lastAt, lastUplift, lastQini) = (at, uplift, qini);
        }

        return (areaUplift - (lastAt * lastUplift / 2), areaQini - (lastAt * lastQini / 2));
    }

    /// <summary>Mean outcome of the treated less that of the others among the first of all customers; NaN where one of the two is missing there.</summary>
    /// <param name="share">Share of the customers, rounded down.</param>
    /// <param name="times">How often each row counts; null: once.</param>
    public double Best(double share, int[]? times = null)
    {
        var left = (int)((times is null ? _order.Length : times.Sum()) * share);
        double treated = 0, control = 0, gainTreated = 0, gainControl = 0;
        for (var i = 0; i < _order.Length && left > 0; i++)
        {
            var row = _order[i];
            var count = Math.Min(left, times is null ? 1 : times[row]);
            left -= count;
            if (_treated[row]) (treated, gainTreated) = (treated + count, gainTreated + (count * _outcome[row]));
            else (control, gainControl) = (control + count, gainControl + (count * _outcome[row]));
        }

        return (gainTreated / treated) - (gainControl / control);
    }
}
