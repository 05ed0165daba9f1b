using Streaming.Core.Shard;

namespace Streaming.Host.Audit;

/// <summary>Topics as an independent reader sees them: committed records only, in offset order, outside any consumer group.</summary>
public interface IRecordSource : IAsyncDisposable
{
    /// <summary>Number of partitions of a topic; 0: it does not exist.</summary>
    ValueTask<int> PartitionCountAsync(string topic, CancellationToken cancellation);

    /// <summary>First readable offset and last stable offset.</summary>
    ValueTask<PartitionBounds> BoundsAsync(string topic, int partition, CancellationToken cancellation);

    /// <summary>The committed records with from ≤ offset &lt; to. Ends at <paramref name="to"/>, which must not lie beyond the stable end.</summary>
    IAsyncEnumerable<LogRecord> ReadAsync(string topic, int partition, long from, long to, CancellationToken cancellation);
}
