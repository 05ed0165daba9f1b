namespace Streaming.Training.Evaluate;

/// <summary>What one customer bought on one invoice.</summary>
/// <param name="Customer">Customer.</param>
/// <param name="AtMs">Time of its first row, ms.</param>
/// <param name="Items">Distinct item numbers, in order.</param>
/// <param name="Number">Place in the file, from 0.</param>
internal sealed record Basket(string Customer, long AtMs, List<int> Items, int Number);
