using Streaming.Core.Shard;

namespace Streaming.Core.Decode;

/// <summary>Turns raw records into events or dead letters. Total: every record of the input gives exactly one <see cref="DecodedEvent"/>, whatever its bytes.</summary>
public interface IEventDecoder
{
    /// <summary>Decodes a whole batch.</summary>
    /// <param name="source">Records of one partition of <c>events</c>.</param>
    /// <param name="partition">That partition's number, to detect <c>wrong_partition</c>.</param>
    /// <param name="into">Cleared and filled, in order, one event a record.</param>
    void Decode(RecordBatch source, int partition, DecodedBatch into);
}
