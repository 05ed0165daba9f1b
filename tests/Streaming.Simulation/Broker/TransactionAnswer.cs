namespace Streaming.Simulation.Broker;

/// <summary>What the coordinator or a partition answers a transactional request.</summary>
internal enum TransactionAnswer
{
    Ok,
    /// <summary>CONCURRENT_TRANSACTIONS: the last transaction's markers are still being written; ask again.</summary>
    Concurrent,
    /// <summary>INVALID_PRODUCER_EPOCH, PRODUCER_FENCED.</summary>
    Fenced,
    /// <summary>INVALID_TXN_STATE: no such transaction, or it ended the other way.</summary>
    Invalid,
}
