namespace Streaming.Kafka;

/// <summary>
/// Knows whether the client sent a request that moves a transaction more than once. librdkafka repeats one whose connection broke, by itself and without a word; the first
/// one may still be on its way to the broker, and a late one that ends a transaction, or stages its offsets, would strike the next transaction of the same epoch.
/// </summary>
internal sealed class RepeatedRequests
{
    private const short EndTxn = 26, TxnOffsetCommit = 28;
    private int _ends, _offsets;

    /// <summary>True where one of them left the client more than once since <see cref="Reset"/>.</summary>
    public bool Any => Volatile.Read(ref _ends) > 1 || Volatile.Read(ref _offsets) > 1;

    /// <summary>A transaction begins.</summary>
    public void Reset()
    {
        Volatile.Write(ref _ends, 0);
        Volatile.Write(ref _offsets, 0);
    }

    /// <summary>A request left the client whole; any thread.</summary>
    public void OnSent(short apiKey)
    {
        if (apiKey == EndTxn) Interlocked.Increment(ref _ends);
        else if (apiKey == TxnOffsetCommit) Interlocked.Increment(ref _offsets);
    }
}
