namespace Streaming.Training.Evaluate;

/// <summary>Result of <c>evaluate next-basket</c>; serialised in camel case it is the command's result line.</summary>
public sealed record NextBasketResult
{
    /// <summary>Scored baskets.</summary>
    public required int Baskets { get; init; }
    /// <summary>Those of them with an item that the customer never bought.</summary>
    public required int BasketsNew { get; init; }
    /// <summary>Mean recall@20 over all scored baskets.</summary>
    public required double Recall20 { get; init; }
    /// <summary>Ends of its 95 % interval, by draws of customers.</summary>
    public required double Recall20Low { get; init; }
    /// <summary>See <see cref="Recall20Low"/>.</summary>
    public required double Recall20High { get; init; }
    /// <summary>Mean recall@20 of items new to the customer.</summary>
    public required double Recall20New { get; init; }
    /// <summary>Ends of its 95 % interval.</summary>
    public required double Recall20NewLow { get; init; }
    /// <summary>See <see cref="Recall20NewLow"/>.</summary>
    public required double Recall20NewHigh { get; init; }
    /// <summary>The same figures by baseline: popular, repeats, covisitation.</summary>
    public required IReadOnlyDictionary<string, NextBasketBaseline> Baselines { get; init; }
    /// <summary>Blend weights in force, one a source in the order of <see cref="Core.Recall.CandidateSource"/>.</summary>
    public required IReadOnlyList<float> Blend { get; init; }
    /// <summary>Rows that could not be parsed.</summary>
    public required long BadRows { get; init; }
    /// <summary>Set where a known file gave another number of baskets than it must: the command fails.</summary>
    public string? Error { get; init; }
}

/// <summary>Figures of one baseline, and how far the engine is ahead of it on the same baskets (paired, 95 %).</summary>
public sealed record NextBasketBaseline
{
    /// <summary>As <see cref="NextBasketResult.Recall20"/>.</summary>
    public required double Recall20 { get; init; }
    /// <summary>As <see cref="NextBasketResult.Recall20Low"/>.</summary>
    public required double Recall20Low { get; init; }
    /// <summary>As <see cref="NextBasketResult.Recall20High"/>.</summary>
    public required double Recall20High { get; init; }
    /// <summary>As <see cref="NextBasketResult.Recall20New"/>.</summary>
    public required double Recall20New { get; init; }
    /// <summary>As <see cref="NextBasketResult.Recall20NewLow"/>.</summary>
    public required double Recall20NewLow { get; init; }
    /// <summary>As <see cref="NextBasketResult.Recall20NewHigh"/>.</summary>
    public required double Recall20NewHigh { get; init; }
    /// <summary>Engine less baseline, lower end.</summary>
    public required double GainLow { get; init; }
    /// <summary>Engine less baseline, upper end.</summary>
    public required double GainHigh { get; init; }
    /// <summary>The same for new items, lower end.</summary>
    public required double GainNewLow { get; init; }
    /// <summary>The same for new items, upper end.</summary>
    public required double GainNewHigh { get; init; }
}
