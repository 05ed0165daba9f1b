namespace Streaming.Training.Churn;

/// <summary>A customer's purchase occasions, one a day, in time order, and the days on which goods came back.</summary>
/// <param name="Id">The customer's id.</param>
/// <param name="Purchases">Occasions; empty for someone who never bought.</param>
/// <param name="ReturnDays">Days with a cancellation or return, ascending, one a row.</param>
public sealed record CustomerPurchases(string Id, Purchase[] Purchases, int[] ReturnDays)
{
    /// <summary>Number of occasions up to and with a day.</summary>
    public int CountUpTo(int day)
    {
        var (low, high) = (0, Purchases.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Purchases[middle].Day <= day) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>Number of returns up to and with a day.</summary>
    public int ReturnsUpTo(int day)
    {
        var count = 0;
        while (count < ReturnDays.Length && ReturnDays[count] <= day) count++;
        return count;
    }

    /// <summary>True where the customer bought after a day and at most a number of days later.</summary>
    public bool BuysWithin(int day, int days)
    {
        var next = CountUpTo(day);
        return next < Purchases.Length && Purchases[next].Day <= day + days;
    }

    /// <summary>What was known at the end of a day.</summary>
    public CustomerPurchases UpTo(int day) => new(Id, Purchases[..CountUpTo(day)], [.. ReturnDays.TakeWhile(d => d <= day)]);
}
