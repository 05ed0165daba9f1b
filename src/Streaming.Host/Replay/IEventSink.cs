namespace Streaming.Host.Replay;

/// <summary>Where <c>replay</c> writes. Records carry no timestamp of their own: past times would make the broker's retention delete them at once.</summary>
public interface IEventSink : IAsyncDisposable
{
    /// <summary>Queues a record; waits while too many are in flight. The bytes are copied before the task completes. Order within a key is kept.</summary>
    /// <param name="topic">Topic.</param>
    /// <param name="partition">Partition; -1: the key's owner (murmur2).</param>
    /// <param name="key">Key; empty means null.</param>
    /// <param name="value">Value.</param>
    /// <param name="cancellation">Stops waiting.</param>
    ValueTask WriteAsync(string topic, int partition, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellation);

    /// <summary>Waits until the broker has acknowledged everything written.</summary>
    /// <exception cref="Streaming.Core.Errors.EngineException">A record was refused or lost.</exception>
    ValueTask FlushAsync(CancellationToken cancellation);
}
