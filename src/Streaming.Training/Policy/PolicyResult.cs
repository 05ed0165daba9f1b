namespace Streaming.Training.Policy;

/// <summary>Result of <c>evaluate policy</c>; serialised in camel case it is the command's result line. Values are clicks a row.</summary>
public sealed record PolicyResult
{
    /// <summary>Verdict: the interval holds what the target earned on its own traffic.</summary>
    public const string CoversOwn = "the interval covers the target's own click rate";
    /// <summary>Verdict: it does not.</summary>
    public const string MissesOwn = "the interval does not cover the target's own click rate";
    /// <summary>Beginning of the verdict where the log cannot answer.</summary>
    public const string NoVerdict = "no verdict: ";

    /// <summary>The doubly robust estimate of what the target's policy would have earned on the log's traffic.</summary>
    public required double Estimate { get; init; }
    /// <summary>Lower end of its 95 % interval.</summary>
    public required double Low { get; init; }
    /// <summary>Upper end of its 95 % interval.</summary>
    public required double High { get; init; }
    /// <summary>Whether the interval holds <see cref="OnPolicy"/>; null where there is no verdict.</summary>
    public bool? Covers { get; init; }
    /// <summary><see cref="CoversOwn"/>, <see cref="MissesOwn"/>, or <see cref="NoVerdict"/> with reasons.</summary>
    public required string Verdict { get; init; }
    /// <summary>doublyRobust and selfNormalised.</summary>
    public required IReadOnlyDictionary<string, PolicyEstimate> Estimates { get; init; }
    /// <summary>ips: plain inverse propensities; naive: the log's own click rate.</summary>
    public required IReadOnlyDictionary<string, PolicyEstimate> Baselines { get; init; }
    /// <summary>Rows of the log that were used.</summary>
    public required int LogRows { get; init; }
    /// <summary>Clicks in them.</summary>
    public required int LogClicks { get; init; }
    /// <summary>Rows of the target whose item and position were used.</summary>
    public required int TargetRows { get; init; }
    /// <summary>Items of the items file.</summary>
    public required int Items { get; init; }
    /// <summary>Positions of the log.</summary>
    public required IReadOnlyList<int> Positions { get; init; }
    /// <summary>(Σw)² / Σw²: so many rows of the target's own would tell as much (Kish).</summary>
    public required double EffectiveRows { get; init; }
    /// <summary>Square of the doubly robust estimate over its variance: clicks that would tell as much.</summary>
    public required double EffectiveClicks { get; init; }
    /// <summary>Largest weight of a row.</summary>
    public required double LargestWeight { get; init; }
    /// <summary>Mean weight; 1 is due.</summary>
    public required double MeanWeight { get; init; }
    /// <summary>Its standard error.</summary>
    public required double MeanWeightSe { get; init; }
    /// <summary>Share of the target's traffic whose item the log never shows at that position.</summary>
    public required double WithoutSupport { get; init; }
    /// <summary>Share of the log's rows whose item the target never shows at that position; they have the weight 0.</summary>
    public required double WithoutWeight { get; init; }
    /// <summary>Penalty of the reward model by fold, in rows' worth of log-odds curvature; null: one rate for all.</summary>
    public required IReadOnlyList<double?> Penalties { get; init; }
    /// <summary>How much less log-loss a row the reward model has than one rate for all, on rows that it has not seen; negative: it has more.</summary>
    public required double RewardGain { get; init; }
    /// <summary>The target's own clicks a row, read last.</summary>
    public required double OnPolicy { get; init; }
    /// <summary>Lower end of its 95 % interval.</summary>
    public required double OnPolicyLow { get; init; }
    /// <summary>Upper end of its 95 % interval.</summary>
    public required double OnPolicyHigh { get; init; }
    /// <summary>Rows that <see cref="OnPolicy"/> is of.</summary>
    public required int OnPolicyRows { get; init; }
    /// <summary>Clicks in them.</summary>
    public required int OnPolicyClicks { get; init; }
    /// <summary>Rows of all files that could not be used.</summary>
    public required long BadRows { get; init; }
    /// <summary>File, line and reason of the first.</summary>
    public required IReadOnlyList<string> BadRowsNamed { get; init; }
}
