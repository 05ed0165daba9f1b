namespace Streaming.Pipeline.Shards;

/// <summary>Counts the steps that run, admits none after it was closed, and tells when the last one ended.</summary>
internal sealed class StepGate
{
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _running;
    private bool _closed;

    /// <summary>Admits a step; false once closed. Each admitted step must <see cref="Exit"/>.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_closed) return false;
            _running++;
            return true;
        }
    }

    /// <summary>A step ended.</summary>
    public void Exit()
    {
        lock (_lock)
        {
            _running--;
            if (_closed && _running == 0) _quiet.TrySetResult();
        }
    }

    /// <summary>Admits no further step. The task ends when no step runs.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            if (_running == 0) _quiet.TrySetResult();
        }

        return _quiet.Task;
    }
}
