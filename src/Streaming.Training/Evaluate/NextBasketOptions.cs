using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;

namespace Streaming.Training.Evaluate;

/// <summary>Settings of <c>evaluate next-basket</c>.</summary>
public sealed record NextBasketOptions
{
    /// <summary>Transactions of the form <c>online-retail</c>; plain or .gz, <c>-</c> for standard input.</summary>
    public required string Transactions { get; init; }
    /// <summary>Seed of the bootstrap.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Draws of the bootstrap. 100 to 100,000.</summary>
    public int Draws { get; init; } = 1000;
    /// <summary>Fold settings of the engine.</summary>
    public FoldOptions Fold { get; init; } = new();
    /// <summary>Item index of the engine.</summary>
    public ItemIndexOptions Index { get; init; } = new();
    /// <summary>Recall of the engine. Its blend weights are replaced by those chosen before the first scored basket unless <see cref="ChooseBlend"/> is false.</summary>
    public RecallOptions Recall { get; init; } = new();
    /// <summary>True: the blend is chosen on the baskets of the warm-up's second half, none of which is scored.</summary>
    public bool ChooseBlend { get; init; } = true;

    /// <summary>Every error at once, each beginning with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrEmpty(Transactions)) yield return $"{nameof(Transactions)} must name a file";
        if (Draws is < 100 or > 100_000) yield return $"{nameof(Draws)} must be 100 to 100,000, not {Draws}";
        foreach (var error in Index.Validate()) yield return $"{nameof(Index)}.{error}";
        foreach (var error in Recall.Validate()) yield return $"{nameof(Recall)}.{error}";
    }
}
