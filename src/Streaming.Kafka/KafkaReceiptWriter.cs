using Microsoft.Extensions.Logging;

namespace Streaming.Kafka;

/// <summary>
/// Writes a few records at a time for callers that wait for them, and tells of each what became of it: <see cref="KafkaEventWriter"/> is for bulk, and useless after its first failure. Never waits for room: what does
/// not fit into the queue (<c>queue.buffering.max.*</c> of <see cref="KafkaOptions.ClientProperties"/>) is refused. A client that an error made useless is replaced by a fresh one. Any thread.
/// </summary>
/// <param name="options">Validated settings.</param>
/// <param name="logger">Log of the client.</param>
public sealed class KafkaReceiptWriter(KafkaOptions options, ILogger<KafkaReceiptWriter> logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Task> _retired = [];
    private ReceiptLine? _line;
    private bool _isDisposed;

    /// <summary>Writes records in their order; answers once the broker has each or it is given up (<see cref="KafkaOptions.MessageTimeoutMs"/>).</summary>
    /// <param name="topic">Topic.</param>
    /// <param name="records">At least one.</param>
    /// <param name="cancellation">Gives the wait up; the records may be written all the same.</param>
    /// <returns>One receipt a record; null where the queue is full and none was tried.</returns>
    public async Task<IReadOnlyList<WriteReceipt>?> WriteAsync(string topic, IReadOnlyList<KeyedRecord> records, CancellationToken cancellation)
    {
        Task<WriteReceipt[]>? written;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_line is { IsUseless: true } useless)
            {
                _retired.RemoveAll(task => task.IsCompletedSuccessfully);
                _retired.Add(useless.DisposeAsync().AsTask());
                KafkaMetrics.ClientReplaced(ReceiptLine.Role);
                _line = null;
            }

            // Opened with the first record: who never writes has no connection more.
            _line ??= new ReceiptLine(options, logger);
            written = _line.TryWrite(topic, records);
        }

        return written is null ? null : await written.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Closes without waiting: what is not acknowledged yet is answered as not written.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
            if (_line is { } line) _retired.Add(line.DisposeAsync().AsTask());
            _line = null;
        }

        await Task.WhenAll(_retired).ConfigureAwait(false);
    }
}
