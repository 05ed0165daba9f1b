using Streaming.Core.Items;

namespace Streaming.Training.Evaluate;

/// <summary>
/// Baseline <c>covisitation</c>: items bought on one invoice, every pair, half-life 60 days, cosine with shrinkage 10, from the customer's own decayed purchases; exact and unbounded,
/// unlike the engine's. Filled up with popular items.
/// </summary>
internal sealed class CovisitationBaseline(ItemDictionary items, RepeatsBaseline repeats, PopularBaseline popular) : IBasketMethod
{
    private const double HalfLifeMs = 60 * 86_400_000.0;
    private const double Shrinkage = 10;
    private readonly Dictionary<int, Dictionary<int, double>> _pairs = [];
    private readonly Dictionary<int, double> _counts = [];
    private readonly Dictionary<int, double> _scores = [];
    private readonly TopItems _top = new(items);
    private long _firstMs = long.MinValue;

    public string Name => "covisitation";

    public void Rank(string customer, long nowMs, IReadOnlySet<int> bought, bool newOnly, List<int> into)
    {
        into.Clear();
        _scores.Clear();
        var now = Math.Pow(2, -(nowMs - _firstMs) / HalfLifeMs);
        foreach (var (seed, weight) in repeats.Of(customer, nowMs).OrderByDescending(s => s.Weight).ThenBy(s => items.Text(s.Item), StringComparer.Ordinal))
        {
            if (!_pairs.TryGetValue(seed, out var partners)) continue;
            var ofSeed = (_counts[seed] * now) + Shrinkage;
            foreach (var (item, together) in partners)
                _scores[item] = _scores.GetValueOrDefault(item) + (weight * together * now / Math.Sqrt(ofSeed * ((_counts[item] * now) + Shrinkage)));
        }

        _top.Reset(RankedBasket.Length);
        foreach (var (item, score) in _scores)
        {
            if (!newOnly || !bought.Contains(item)) _top.Offer(item, (float)score);
        }

        foreach (var (item, _, _) in _top.Sorted()) into.Add(item);
        popular.Fill(bought, newOnly, into);
    }

    public void Learn(Basket basket)
    {
        if (_firstMs == long.MinValue) _firstMs = basket.AtMs;
        var weight = Math.Pow(2, (basket.AtMs - _firstMs) / HalfLifeMs);
        foreach (var first in basket.Items)
        {
            _counts[first] = _counts.GetValueOrDefault(first) + weight;
            if (!_pairs.TryGetValue(first, out var partners)) _pairs.Add(first, partners = []);
            foreach (var second in basket.Items)
            {
                if (first != second) partners[second] = partners.GetValueOrDefault(second) + weight;
            }
        }
    }
}
