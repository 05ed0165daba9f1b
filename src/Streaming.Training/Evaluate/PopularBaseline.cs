using Streaming.Core.Items;

namespace Streaming.Training.Evaluate;

/// <summary>Baseline <c>popular</c>: baskets with the item, half-life 14 days.</summary>
internal sealed class PopularBaseline(ItemDictionary items) : IBasketMethod
{
    private const double HalfLifeMs = 14 * 86_400_000.0;
    private readonly Dictionary<int, double> _weights = [];
    private readonly TopItems _top = new(items);
    private long _firstMs = long.MinValue;

    public string Name => "popular";

    public void Rank(string customer, long nowMs, IReadOnlySet<int> bought, bool newOnly, List<int> into)
    {
        into.Clear();
        Fill(bought, newOnly, into);
    }

    /// <summary>Adds the most popular items that a list lacks, up to 20.</summary>
    public void Fill(IReadOnlySet<int> bought, bool newOnly, List<int> into)
    {
        if (into.Count >= RankedBasket.Length) return;
        _top.Reset(RankedBasket.Length - into.Count);
        foreach (var (item, weight) in _weights)
        {
            var score = (float)weight;
            if (_top.Admits(item, score) && !(newOnly && bought.Contains(item)) && !into.Contains(item)) _top.Offer(item, score);
        }

        foreach (var (item, _, _) in _top.Sorted()) into.Add(item);
    }

    public void Learn(Basket basket)
    {
        if (_firstMs == long.MinValue) _firstMs = basket.AtMs;
        var weight = Math.Pow(2, (basket.AtMs - _firstMs) / HalfLifeMs);
        foreach (var item in basket.Items) _weights[item] = _weights.GetValueOrDefault(item) + weight;
    }
}
