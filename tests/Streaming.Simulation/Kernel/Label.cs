namespace Streaming.Simulation.Kernel;

/// <summary>What an event is, for traces and their hash.</summary>
internal enum Label
{
    Timer, Yield, Reply, TimeOut, Nemesis, Send, Marker, TransactionTimeOut, Cancelled,
    InitProducer, AddPartition, Produce, AddOffsets, CommitOffsets, EndTransaction, FetchOffsets, Bounds, Seek, Fetch,
    ReadShard, ReadUsers, WriteCells, ReadDue, ReadFirstDue, ReadBlob, WriteBlob, Score,
}
