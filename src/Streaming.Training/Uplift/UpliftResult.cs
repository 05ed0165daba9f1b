namespace Streaming.Training.Uplift;

/// <summary>Result of <c>evaluate uplift</c>; serialised in camel case it is the command's result line.</summary>
public sealed record UpliftResult
{
    /// <summary>Verdict: effects differ between customers.</summary>
    public const string Differs = "differs";
    /// <summary>Verdict: no difference between customers was detected, which is a finding.</summary>
    public const string NoDifference = "no difference between customers detected";

    /// <summary>Customers scored.</summary>
    public required int Customers { get; init; }
    /// <summary>Share of them that was treated.</summary>
    public required double TreatedShare { get; init; }
    /// <summary>Texts of the treatment that were taken for treated and for control.</summary>
    public required string Arms { get; init; }
    /// <summary>Mean outcome of the treated less that of the others, customers scored.</summary>
    public required double Effect { get; init; }
    /// <summary>Its standard error.</summary>
    public required double EffectSe { get; init; }
    /// <summary>Area between Qini curve and straight line, over that of the perfect curve.</summary>
    public required double Qini { get; init; }
    /// <summary>Its standard error, by draws of customers.</summary>
    public required double QiniSe { get; init; }
    /// <summary>Ends of its 95 % interval.</summary>
    public required double QiniLow { get; init; }
    /// <summary>See <see cref="QiniLow"/>.</summary>
    public required double QiniHigh { get; init; }
    /// <summary>Area between uplift curve and straight line, over that of the perfect curve.</summary>
    public required double UpliftAuc { get; init; }
    /// <summary>Its standard error.</summary>
    public required double UpliftAucSe { get; init; }
    /// <summary>Effect among the best 30 % of the customers; NaN where an arm is missing there.</summary>
    public required double Top30 { get; init; }
    /// <summary>Its standard error.</summary>
    public required double Top30Se { get; init; }
    /// <summary>The same figures by baseline: tLearner, and each column.</summary>
    public required IReadOnlyDictionary<string, UpliftBaseline> Baselines { get; init; }
    /// <summary><see cref="Differs"/> where <see cref="P"/> is at most <see cref="Level"/>, else <see cref="NoDifference"/>.</summary>
    public required string Verdict { get; init; }
    /// <summary>0.05 over the number of arms that could be held against the control.</summary>
    public required double Level { get; init; }
    /// <summary>Probability of scores that go along with effects as surely as these, were the effect the same for all; by permutation.</summary>
    public required double P { get; init; }
    /// <summary>Permutations, each through the whole pipeline.</summary>
    public required int Permutations { get; init; }
    /// <summary>Least standard deviation of effects between customers that this trial would have shown four times in five; NaN: none within reach.</summary>
    public required double SmallestSpread { get; init; }
    /// <summary>Standard deviation of effects that the scores explain; 0 where none is detected.</summary>
    public required double Spread { get; init; }
    /// <summary>Effect seen for one unit of effect expected; NaN where one effect was expected of all.</summary>
    public required double Slope { get; init; }
    /// <summary>Learner chosen for each tested fold, inside its training folds.</summary>
    public required IReadOnlyList<string> Learners { get; init; }
    /// <summary>Columns that were features.</summary>
    public required IReadOnlyList<string> Features { get; init; }
    /// <summary>Columns that were none, with the reason.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }
    /// <summary>Rows of other arms.</summary>
    public required long OtherArms { get; init; }
    /// <summary>Rows that cannot be used.</summary>
    public required long BadRows { get; init; }
    /// <summary>Line and reason of the first of them.</summary>
    public required IReadOnlyList<string> BadRowsNamed { get; init; }
    /// <summary>Share of simulated trials with one effect for all in which the verdict was <see cref="Differs"/>; absent where none was simulated.</summary>
    public double? FalseAlarms { get; init; }
}

/// <summary>Figures of one baseline, and how far the model is ahead of it on the same draws of customers.</summary>
public sealed record UpliftBaseline
{
    /// <summary>As <see cref="UpliftResult.Qini"/>.</summary>
    public required double Qini { get; init; }
    /// <summary>As <see cref="UpliftResult.QiniSe"/>.</summary>
    public required double QiniSe { get; init; }
    /// <summary>As <see cref="UpliftResult.UpliftAuc"/>.</summary>
    public required double UpliftAuc { get; init; }
    /// <summary>As <see cref="UpliftResult.Top30"/>.</summary>
    public required double Top30 { get; init; }
    /// <summary>Qini of the model less that of the baseline.</summary>
    public required double QiniGain { get; init; }
    /// <summary>Its standard error, paired.</summary>
    public required double QiniGainSe { get; init; }
    /// <summary>Ends of its 95 % interval, paired.</summary>
    public required double QiniGainLow { get; init; }
    /// <summary>See <see cref="QiniGainLow"/>.</summary>
    public required double QiniGainHigh { get; init; }
}
