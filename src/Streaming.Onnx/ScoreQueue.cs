namespace Streaming.Onnx;

/// <summary>Requests that wait, bounded by rows. Many threads add, one takes.</summary>
internal sealed class ScoreQueue(OnnxScorerOptions options, TimeProvider time)
{
    private readonly object _gate = new(); // Monitor, for its Wait and Pulse
    private readonly Queue<PendingScore> _waiting = new();
    private int _rows;
    private bool _knocked;
    private bool _closed;

    /// <summary>Adds a request; false where there is no room, or no more service. An empty queue takes a request of any size.</summary>
    public bool TryAdd(PendingScore pending)
    {
        lock (_gate)
        {
            if (_closed || (_rows > 0 && _rows + pending.Rows > options.MaxQueuedRows)) return false;
            _waiting.Enqueue(pending);
            _rows += pending.Rows;
            Monitor.Pulse(_gate);
        }

        ScoreMetrics.QueueRows.Add(pending.Rows);
        return true;
    }

    /// <summary>Wakes the taker without a request: a model waits to be adopted.</summary>
    public void Knock()
    {
        lock (_gate)
        {
            _knocked = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>No more requests are taken in; the taker gets what waits, then false.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Blocks for requests and takes as many as one run holds, waiting a moment for more to join; at least one unless knocked.</summary>
    /// <returns>False once closed and empty.</returns>
    public bool Take(List<PendingScore> into)
    {
        var rows = 0;
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_knocked && !_closed) Monitor.Wait(_gate);
            _knocked = false;
            if (_waiting.Count == 0) return !_closed;
            WaitForMore();
            do
            {
                rows += _waiting.Peek().Rows;
                into.Add(_waiting.Dequeue());
            }
            while (_waiting.Count > 0 && rows + _waiting.Peek().Rows <= options.MaxBatchRows);
            _rows -= rows;
        }

        ScoreMetrics.QueueRows.Add(-rows);
        return true;
    }

    private void WaitForMore()
    {
        var since = _waiting.Peek().Since;
        while (_rows < options.MaxBatchRows && !_closed)
        {
            var left = options.MaxWait - time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero) return;
            Monitor.Wait(_gate, Math.Max(1, (int)left.TotalMilliseconds));
        }
    }
}
