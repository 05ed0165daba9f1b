namespace Streaming.Faults.Engine;

/// <summary>What a worker said of its shards at one moment.</summary>
/// <param name="Begun">When it was asked.</param>
/// <param name="Ended">When it had answered.</param>
/// <param name="Committed">Committed position in events of each partition whose shard runs; nothing where it does not answer.</param>
internal sealed record OwnerLook(DateTime Begun, DateTime Ended, IReadOnlyDictionary<int, long> Committed);
