namespace Streaming.Training.NextItem;

/// <summary>Figures of one method. Shares are 0 to 1.</summary>
public record NextItemScores
{
    /// <summary>P@20 = HR@20: share of positions whose target is among the first 20.</summary>
    public required double P20 { get; init; }
    /// <summary>Mean of 1 / rank, 0 past 20.</summary>
    public required double Mrr20 { get; init; }
    /// <summary>P@20 of positions whose target is in the prefix; NaN where there are none.</summary>
    public required double P20Repeat { get; init; }
    /// <summary>MRR@20 of these.</summary>
    public required double Mrr20Repeat { get; init; }
    /// <summary>P@20 of positions whose target is not in the prefix.</summary>
    public required double P20New { get; init; }
    /// <summary>MRR@20 of these.</summary>
    public required double Mrr20New { get; init; }
    /// <summary>Lower end of the 95 % interval of P@20, by draws of sessions.</summary>
    public required double Low { get; init; }
    /// <summary>Upper end.</summary>
    public required double High { get; init; }
    /// <summary>Lower end of the 95 % interval of MRR@20.</summary>
    public required double Mrr20Low { get; init; }
    /// <summary>Upper end.</summary>
    public required double Mrr20High { get; init; }
}

/// <summary>Figures of a baseline, and how far the hybrid is ahead of it on the same positions (paired, 95 %).</summary>
public sealed record NextItemBaseline : NextItemScores
{
    /// <summary>P@20 of the hybrid less the baseline's, lower end.</summary>
    public required double GainLow { get; init; }
    /// <summary>Upper end.</summary>
    public required double GainHigh { get; init; }
    /// <summary>The same for MRR@20, lower end.</summary>
    public required double Mrr20GainLow { get; init; }
    /// <summary>Upper end.</summary>
    public required double Mrr20GainHigh { get; init; }
}

/// <summary>Result of <c>evaluate next-item</c>; serialised in camel case it is the command's result line.</summary>
public sealed record NextItemResult : NextItemScores
{
    /// <summary>Test positions.</summary>
    public required int Positions { get; init; }
    /// <summary>Those whose target is in the prefix.</summary>
    public required int PositionsRepeat { get; init; }
    /// <summary>Those whose target the train file lacks: misses.</summary>
    public required int OutsideTrain { get; init; }
    /// <summary>Test sessions as the intervals take them.</summary>
    public required int Sessions { get; init; }
    /// <summary>Distinct train items: the candidates.</summary>
    public required int Items { get; init; }
    /// <summary>Train rows that could not be used.</summary>
    public required long BadTrainRows { get; init; }
    /// <summary>Test rows that could not be used.</summary>
    public required long BadTestRows { get; init; }
    /// <summary>The same figures by baseline: popular, sPop, itemKnn, engine, plainNeighbours, neighbours, encoder.</summary>
    public required IReadOnlyDictionary<string, NextItemBaseline> Baselines { get; init; }
    /// <summary>What was chosen inside the train file, and what it scored on the choice rows there.</summary>
    public required NextItemChoice Chosen { get; init; }
    /// <summary>Time from the first byte read to the frozen hybrid, s.</summary>
    public required double TrainSeconds { get; init; }
    /// <summary>Most memory that the process held, MiB.</summary>
    public required double PeakRssMiB { get; init; }
    /// <summary>Median time of answering a test row with the hybrid, scoring and the first 20, ms.</summary>
    public required double P50Ms { get; init; }
    /// <summary>99th percentile of it.</summary>
    public required double P99Ms { get; init; }
}

/// <summary>Choices made inside the train file.</summary>
/// <param name="Neighbours">Settings of the session neighbours.</param>
/// <param name="Trees">Trees of the ranker.</param>
/// <param name="RankerRows">Rows that it learned from.</param>
/// <param name="ChoicePositions">Positions of the last slice of the train file.</param>
/// <param name="ChoiceP20">P@20 of the hybrid on them: what the number of trees was chosen by, so a little too good.</param>
/// <param name="ChoiceMrr20">MRR@20 likewise.</param>
public sealed record NextItemChoice(string Neighbours, int Trees, int RankerRows, int ChoicePositions, double ChoiceP20, double ChoiceMrr20);
