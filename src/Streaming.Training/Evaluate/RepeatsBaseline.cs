using Streaming.Core.Items;

namespace Streaming.Training.Evaluate;

/// <summary>Baseline <c>repeats</c>: the customer's own purchases, half-life 60 days; filled up with popular items.</summary>
internal sealed class RepeatsBaseline(ItemDictionary items, PopularBaseline popular) : IBasketMethod
{
    private const double HalfLifeMs = 60 * 86_400_000.0;
    private readonly Dictionary<string, Dictionary<int, double>> _byCustomer = new(StringComparer.Ordinal);
    private readonly TopItems _top = new(items);
    private long _firstMs = long.MinValue;

    public string Name => "repeats";

    public void Rank(string customer, long nowMs, IReadOnlySet<int> bought, bool newOnly, List<int> into)
    {
        into.Clear();
        if (!newOnly && _byCustomer.TryGetValue(customer, out var weights))
        {
            _top.Reset(RankedBasket.Length);
            foreach (var (item, weight) in weights) _top.Offer(item, (float)weight);
            foreach (var (item, _, _) in _top.Sorted()) into.Add(item);
        }

        popular.Fill(bought, newOnly, into);
    }

    /// <summary>The customer's items with their weights as of a time; empty for an unknown customer.</summary>
    public IEnumerable<(int Item, double Weight)> Of(string customer, long nowMs)
    {
        if (!_byCustomer.TryGetValue(customer, out var weights)) return [];
        var now = Math.Pow(2, -(nowMs - _firstMs) / HalfLifeMs);
        return weights.Select(w => (w.Key, w.Value * now));
    }

    public void Learn(Basket basket)
    {
        if (_firstMs == long.MinValue) _firstMs = basket.AtMs;
        if (!_byCustomer.TryGetValue(basket.Customer, out var weights)) _byCustomer.Add(basket.Customer, weights = []);
        var weight = Math.Pow(2, (basket.AtMs - _firstMs) / HalfLifeMs);
        foreach (var item in basket.Items) weights[item] = weights.GetValueOrDefault(item) + weight;
    }
}
