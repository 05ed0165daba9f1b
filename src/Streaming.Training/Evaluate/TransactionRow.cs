namespace Streaming.Training.Evaluate;

/// <summary>One row of a transactions file of the form <c>online-retail</c>.</summary>
/// <param name="Line">Line number, from 1; the header is line 1.</param>
/// <param name="Invoice">InvoiceNo; beginning with C: a cancellation.</param>
/// <param name="Item">StockCode.</param>
/// <param name="Quantity">Units; negative for returns.</param>
/// <param name="AtMs">InvoiceDate, ms since 1970, read as UTC.</param>
/// <param name="Price">UnitPrice.</param>
/// <param name="Customer">CustomerID; empty where missing.</param>
public readonly record struct TransactionRow(long Line, string Invoice, string Item, long Quantity, long AtMs, double Price, string Customer);
