using Streaming.Core.Items;
using Streaming.Core.Recall;

namespace Streaming.Core.Rerank;

/// <summary>Which items may be recommended to the user at hand. Hard bars always hold; soft ones give way before a list stays empty.</summary>
internal sealed class Eligibility(ItemIndex index, UserItems mine, RerankOptions options) : IItemFilter
{
    private readonly long _rebuyAfterMs = (long)options.RebuyAfter.TotalMilliseconds;

    /// <summary>Time that re-buying is judged at, ms.</summary>
    public long NowMs { get; set; }

    /// <inheritdoc/>
    public bool IsBlocked(int item) => IsBarred(item) || IsUnwanted(item);

    /// <summary>Excluded by the user, out of stock, or not in the known catalogue.</summary>
    public bool IsBarred(int item)
    {
        if (mine[item].IsExcluded) return true;
        var entry = index.Entry(item);
        if (entry is null) return options.RequireCatalogue && index.KnowsCatalogue;
        return !entry.IsInStock || (options.RequireCatalogue && index.KnowsCatalogue && entry.Catalog is null);
    }

    /// <summary>Bought already, or seen already, where the options say so.</summary>
    public bool IsUnwanted(int item)
    {
        var known = mine[item];
        if (options.HideSeen && known.IsInRing) return true;
        return known.Purchases > 0 && (!options.AllowRebuy || NowMs - known.PurchaseMs < _rebuyAfterMs);
    }
}
