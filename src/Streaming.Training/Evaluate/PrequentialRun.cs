namespace Streaming.Training.Evaluate;

/// <summary>Test, then train, over baskets in time order, all methods on the same baskets.</summary>
internal sealed class PrequentialRun
{
    private readonly IReadOnlyList<IBasketMethod> _methods;
    private readonly Dictionary<string, int> _customerNumbers = new(StringComparer.Ordinal);
    private readonly BasketHistory _history = new();
    private readonly List<int> _ranked = [];

    /// <summary>A run of some methods.</summary>
    public PrequentialRun(IReadOnlyList<IBasketMethod> methods)
    {
        _methods = methods;
        Results = [.. methods.Select(m => new MethodRecalls(m.Name, [], []))];
    }

    /// <summary>Recalls by method, in the methods' order.</summary>
    public IReadOnlyList<MethodRecalls> Results { get; }

    /// <summary>Customer number of each scored basket.</summary>
    public List<int> Customers { get; } = [];

    /// <summary>Scored baskets.</summary>
    public int Baskets => Customers.Count;

    /// <summary>Scored baskets with an item new to the customer.</summary>
    public int BasketsNew { get; private set; }

    /// <summary>Runs over the baskets.</summary>
    /// <param name="baskets">In time order.</param>
    /// <param name="isScored">Which are scored, provided that their customer has an earlier basket.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it early.</param>
    public void Go(IReadOnlyList<Basket> baskets, Func<Basket, bool> isScored, IProgress<double>? progress, CancellationToken cancellation)
    {
        var done = 0;
        foreach (var group in TimeGroups.Of(baskets))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var basket in group)
            {
                if (isScored(basket) && _history.Of(basket.Customer).Count > 0) Score(basket);
            }

            foreach (var basket in group)
            {
                foreach (var method in _methods) method.Learn(basket);
                _history.Learn(basket);
            }

            if (done / 200 != (done + group.Count) / 200) progress?.Report((double)(done + group.Count) / baskets.Count);
            done += group.Count;
        }
    }

    private void Score(Basket basket)
    {
        var bought = _history.Of(basket.Customer);
        if (!_customerNumbers.TryGetValue(basket.Customer, out var number)) _customerNumbers.Add(basket.Customer, number = _customerNumbers.Count);
        Customers.Add(number);
        var all = basket.Items.ToHashSet();
        var fresh = basket.Items.Where(i => !bought.Contains(i)).ToHashSet();
        if (fresh.Count > 0) BasketsNew++;
        for (var m = 0; m < _methods.Count; m++)
        {
            _methods[m].Rank(basket.Customer, basket.AtMs, bought, newOnly: false, _ranked);
            Results[m].All.Add(RankedBasket.Recall(_ranked, all));
            if (fresh.Count > 0) _methods[m].Rank(basket.Customer, basket.AtMs, bought, newOnly: true, _ranked);
            Results[m].New.Add(fresh.Count > 0 ? RankedBasket.Recall(_ranked, fresh) : double.NaN);
        }
    }
}
