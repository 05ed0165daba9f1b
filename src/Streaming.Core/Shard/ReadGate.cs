namespace Streaming.Core.Shard;

/// <summary>
/// Lets one at a time in; the others wait in order. Who waited goes on inline where the holder leaves, not on a pool thread: the core has no threads of its own, so that whoever drives it decides where it runs.
/// </summary>
internal sealed class ReadGate
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private bool _isHeld;

    /// <summary>Enters. A cancelled wait leaves the queue when its turn comes.</summary>
    public Task EnterAsync(CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return Task.FromCanceled(cancellation);
        lock (_lock)
        {
            if (!_isHeld)
            {
                _isHeld = true;
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource();
            _waiting.Enqueue(turn);
            return WaitAsync(turn, cancellation);
        }
    }

    /// <summary>Leaves; call it last, since the next one runs on before it returns.</summary>
    public void Leave()
    {
        while (true)
        {
            TaskCompletionSource? next;
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out next))
                {
                    _isHeld = false;
                    return;
                }
            }

            if (next.TrySetResult()) return;
        }
    }

    /// <summary>Opens a gate that its holder never left. Who waited at it must have been cancelled.</summary>
    public void Reopen()
    {
        lock (_lock)
        {
            _isHeld = false;
            _waiting.Clear();
        }
    }

    private static async Task WaitAsync(TaskCompletionSource turn, CancellationToken cancellation)
    {
        using var registration = cancellation.UnsafeRegister(static (turn, token) => ((TaskCompletionSource)turn!).TrySetCanceled(token), turn);
        await turn.Task.ConfigureAwait(false);
    }
}
