namespace Streaming.Training.Churn;

/// <summary>Gathers rows, in any order, into purchase occasions: one a customer and day.</summary>
internal sealed class PurchaseHistoryBuilder
{
    private readonly Dictionary<string, (SortedDictionary<int, Purchase> Bought, List<int> Returned)> _customers = new(StringComparer.Ordinal);
    private int _first = int.MaxValue, _last = int.MinValue;

    /// <summary>Notes the day of a row.</summary>
    public void See(int day) => (_first, _last) = (Math.Min(_first, day), Math.Max(_last, day));

    /// <summary>Adds a row of a purchase.</summary>
    public void Add(string customer, int day, double spend, double units)
    {
        var bought = Of(customer).Bought;
        bought.TryGetValue(day, out var before);
        bought[day] = new Purchase(day, before.Spend + spend, before.Units + units, before.Lines + 1);
    }

    /// <summary>Adds a row of goods that came back.</summary>
    public void Return(string customer, int day) => Of(customer).Returned.Add(day);

    /// <summary>The history.</summary>
    /// <exception cref="InvalidDataException">No row could be read.</exception>
    public PurchaseHistory Build(long rows, long bad, IReadOnlyList<string> badRows)
    {
        if (_last < _first) throw new InvalidDataException(bad > 0 ? $"no row could be read; {badRows[0]}" : "the file is empty");
        return new PurchaseHistory
        {
            Customers = [.. _customers.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => new CustomerPurchases(c.Key, [.. c.Value.Bought.Values], [.. c.Value.Returned.Order()]))],
            FirstDay = _first, LastDay = _last, Rows = rows, Bad = bad, BadRows = badRows,
        };
    }

    private (SortedDictionary<int, Purchase> Bought, List<int> Returned) Of(string customer)
    {
        if (!_customers.TryGetValue(customer, out var lists)) _customers.Add(customer, lists = ([], []));
        return lists;
    }
}
