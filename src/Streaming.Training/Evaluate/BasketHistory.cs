namespace Streaming.Training.Evaluate;

/// <summary>Every item that each customer bought so far.</summary>
internal sealed class BasketHistory
{
    private static readonly HashSet<int> Nothing = [];
    private readonly Dictionary<string, HashSet<int>> _bought = new(StringComparer.Ordinal);

    /// <summary>Items of a customer; empty where there is no earlier basket.</summary>
    public HashSet<int> Of(string customer) => _bought.GetValueOrDefault(customer, Nothing);

    /// <summary>Counts a basket.</summary>
    public void Learn(Basket basket)
    {
        if (!_bought.TryGetValue(basket.Customer, out var bought)) _bought.Add(basket.Customer, bought = []);
        bought.UnionWith(basket.Items);
    }
}
