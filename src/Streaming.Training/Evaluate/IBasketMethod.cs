namespace Streaming.Training.Evaluate;

/// <summary>A method under test: ranks, then learns, in strict time order.</summary>
internal interface IBasketMethod
{
    /// <summary>Name in the result.</summary>
    string Name { get; }

    /// <summary>Up to 20 items that the customer of the basket may buy now, best first; the basket itself is unknown to it.</summary>
    /// <param name="customer">Customer.</param>
    /// <param name="nowMs">Time of the basket.</param>
    /// <param name="bought">Items the customer bought before.</param>
    /// <param name="newOnly">True: only items the customer never bought.</param>
    /// <param name="into">Cleared and filled.</param>
    void Rank(string customer, long nowMs, IReadOnlySet<int> bought, bool newOnly, List<int> into);

    /// <summary>Learns a basket that was scored.</summary>
    void Learn(Basket basket);
}
