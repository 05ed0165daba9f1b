using System.Text;
using Streaming.Core.Items;

namespace Streaming.Training.Evaluate;

/// <summary>The baskets of a transactions file in strict time order.</summary>
internal sealed class BasketFile
{
    /// <summary>Baskets by time, those of equal time in file order.</summary>
    public required IReadOnlyList<Basket> Baskets { get; init; }
    /// <summary>First timestamp of the file, ms.</summary>
    public required long FirstMs { get; init; }
    /// <summary>Rows read.</summary>
    public required long Rows { get; init; }
    /// <summary>Rows that could not be parsed.</summary>
    public required long BadRows { get; init; }

    /// <summary>
    /// Reads a file. A basket is one invoice not beginning with C: its rows with quantity &gt; 0, price &gt; 0 and a customer, each item once.
    /// </summary>
    /// <param name="path">Plain or .gz, or <c>-</c>.</param>
    /// <param name="items">Numbers the items.</param>
    public static BasketFile Read(string path, ItemDictionary items)
    {
        using var stream = InputFile.Open(path);
        var file = new OnlineRetailFile();
        var byInvoice = new Dictionary<string, Basket>(StringComparer.Ordinal);
        var firstMs = long.MaxValue;
        foreach (var row in file.Read(stream))
        {
            firstMs = Math.Min(firstMs, row.AtMs);
            if (row.Invoice.StartsWith('C') || row.Quantity <= 0 || !(row.Price > 0) || row.Customer.Length == 0 || row.Item.Length == 0) continue;
            if (!byInvoice.TryGetValue(row.Invoice, out var basket)) byInvoice.Add(row.Invoice, basket = new Basket(row.Customer, row.AtMs, [], byInvoice.Count));
            var item = items.GetOrAdd(Encoding.UTF8.GetBytes(row.Item));
            if (!basket.Items.Contains(item)) basket.Items.Add(item);
        }

        return new BasketFile
        {
            Baskets = [.. byInvoice.Values.OrderBy(b => b.AtMs).ThenBy(b => b.Number)],
            FirstMs = firstMs,
            Rows = file.Rows,
            BadRows = file.Bad,
        };
    }
}
