namespace Streaming.Simulation.Broker;

/// <summary>Which markers of a transaction reach their partition.</summary>
internal enum MarkerFate
{
    Arrive,
    None,
    Some,
    /// <summary>Those in partitions where other shards write as well.</summary>
    SharedAlone,
    AllButShared,
}
