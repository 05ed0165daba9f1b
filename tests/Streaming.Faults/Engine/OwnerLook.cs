namespace Streaming.Faults.Engine;

/// <summary>What a worker said of its shards at one moment.</summary>
/// <param name="Begun">When it was asked.</param>
/// <param name="Ended">When it had answered.</param>
/// <param name="Committed">Committed position in events of each partition whose shard runs; null where it does not answer.</param>
/// <param name="Process">Id of the process that was asked.</param>
internal sealed record OwnerLook(DateTime Begun, DateTime Ended, IReadOnlyDictionary<int, long>? Committed, int Process)
{
    /// <summary>Whether it took itself for the owner of a partition.</summary>
    public bool Claims(int partition) => Committed?.ContainsKey(partition) == true;
}
