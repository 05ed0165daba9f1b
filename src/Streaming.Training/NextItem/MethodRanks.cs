namespace Streaming.Training.NextItem;

/// <summary>Ranks of one method over the test rows.</summary>
/// <param name="Name">Name in the result.</param>
/// <param name="Ranks">Rank of each row's target.</param>
internal sealed record MethodRanks(string Name, int[] Ranks)
{
    /// <summary>Figures of the method.</summary>
    /// <param name="isRepeat">True for rows whose target is in the prefix.</param>
    /// <param name="bootstrap">Draws of the run.</param>
    public NextItemScores Scores(bool[] isRepeat, SessionBootstrap bootstrap)
    {
        var repeat = Ranks.Where((_, row) => isRepeat[row]).ToArray();
        var fresh = Ranks.Where((_, row) => !isRepeat[row]).ToArray();
        var (low, high) = bootstrap.Interval(Hits());
        var (mrrLow, mrrHigh) = bootstrap.Interval(Reciprocals());
        return new NextItemScores
        {
            P20 = NextItemFigures.P20(Ranks), Mrr20 = NextItemFigures.Mrr20(Ranks), P20Repeat = NextItemFigures.P20(repeat), Mrr20Repeat = NextItemFigures.Mrr20(repeat),
            P20New = NextItemFigures.P20(fresh), Mrr20New = NextItemFigures.Mrr20(fresh), Low = low, High = high, Mrr20Low = mrrLow, Mrr20High = mrrHigh,
        };
    }

    /// <summary>Figures of this method as a baseline of another.</summary>
    public NextItemBaseline Baseline(MethodRanks of, bool[] isRepeat, SessionBootstrap bootstrap)
    {
        var own = Scores(isRepeat, bootstrap);
        var (low, high) = bootstrap.Interval([.. of.Hits().Zip(Hits(), (a, b) => a - b)]);
        var (mrrLow, mrrHigh) = bootstrap.Interval([.. of.Reciprocals().Zip(Reciprocals(), (a, b) => a - b)]);
        return new NextItemBaseline
        {
            P20 = own.P20, Mrr20 = own.Mrr20, P20Repeat = own.P20Repeat, Mrr20Repeat = own.Mrr20Repeat, P20New = own.P20New, Mrr20New = own.Mrr20New,
            Low = own.Low, High = own.High, Mrr20Low = own.Mrr20Low, Mrr20High = own.Mrr20High, GainLow = low, GainHigh = high, Mrr20GainLow = mrrLow, Mrr20GainHigh = mrrHigh,
        };
    }

    private double[] Hits() => [.. Ranks.Select(NextItemFigures.Hit)];

    private double[] Reciprocals() => [.. Ranks.Select(NextItemFigures.Reciprocal)];
}
