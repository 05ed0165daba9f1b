namespace Streaming.Host.Audit;

/// <summary>Walks a partition's records range by range, in one pass.</summary>
internal sealed class RecordCursor(IAsyncEnumerable<LogRecord> records, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<LogRecord> _records = records.GetAsyncEnumerator(cancellation);
    private LogRecord? _next;
    private bool _ended;

    /// <summary>The next record with an offset below <paramref name="to"/>, or null.</summary>
    public async ValueTask<LogRecord?> NextBelowAsync(long to)
    {
        if (_next is null && !_ended)
        {
            if (await _records.MoveNextAsync()) _next = _records.Current;
            else _ended = true;
        }

        if (_next is null || _next.Offset >= to) return null;
        var record = _next;
        _next = null;
        return record;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _records.DisposeAsync();
}
