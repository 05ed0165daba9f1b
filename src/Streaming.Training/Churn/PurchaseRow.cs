namespace Streaming.Training.Churn;

/// <summary>One row of a file of purchases.</summary>
/// <param name="Customer">The customer's id.</param>
/// <param name="Day">Days since 1970-01-01.</param>
/// <param name="Units">Units; 0 or less: something came back.</param>
/// <param name="Spend">Money.</param>
internal readonly record struct PurchaseRow(string Customer, int Day, double Units, double Spend);
