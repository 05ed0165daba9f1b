namespace Streaming.Training.Churn;

/// <summary>A shop's purchases by customer.</summary>
public sealed class PurchaseHistory
{
    /// <summary>Customers in the order of their ids (ordinal), those who only returned goods included.</summary>
    public required IReadOnlyList<CustomerPurchases> Customers { get; init; }
    /// <summary>First day with a row that could be read, days since 1970-01-01.</summary>
    public required int FirstDay { get; init; }
    /// <summary>Last day with a row that could be read.</summary>
    public required int LastDay { get; init; }
    /// <summary>Rows read, the bad ones included.</summary>
    public required long Rows { get; init; }
    /// <summary>Rows that could not be parsed.</summary>
    public required long Bad { get; init; }
    /// <summary>Line number and reason of the first bad rows, at most 20.</summary>
    public required IReadOnlyList<string> BadRows { get; init; }

    /// <summary>What was known at the end of a day: customers with a row by then, and nothing later. The last day is that day.</summary>
    public PurchaseHistory UpTo(int day) => new()
    {
        Customers = [.. Customers.Select(c => c.UpTo(day)).Where(c => c.Purchases.Length + c.ReturnDays.Length > 0)],
        FirstDay = Math.Min(FirstDay, day), LastDay = day, Rows = Rows, Bad = Bad, BadRows = BadRows,
    };
}
