namespace Streaming.Training.Churn;

/// <summary>Forms of purchase history that churn is learned from.</summary>
public enum PurchaseFormat
{
    /// <summary>InvoiceNo, StockCode, Quantity, InvoiceDate, UnitPrice, CustomerID by name; cancellations begin with C.</summary>
    OnlineRetail,
    /// <summary>No header; master id, sample id, yyyymmdd, number, dollars, parted by blanks.</summary>
    CdnowSample,
    /// <summary>customer_id, date, number_of_cds, dollar_value by name.</summary>
    Cdnow,
    /// <summary>cust, date by name.</summary>
    CustDate,
}

/// <summary>Names of <see cref="PurchaseFormat"/> as people type them.</summary>
public static class PurchaseFormats
{
    /// <summary>All names, in the order of the enum.</summary>
    public static readonly IReadOnlyList<string> Names = ["online-retail", "cdnow-sample", "cdnow", "cust-date"];

    /// <summary>The form of a name.</summary>
    /// <exception cref="ArgumentException">No such form.</exception>
    public static PurchaseFormat Parse(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name) return (PurchaseFormat)i;
        }

        throw new ArgumentException($"{name} is no form of purchases; known: {string.Join(", ", Names)}");
    }
}
