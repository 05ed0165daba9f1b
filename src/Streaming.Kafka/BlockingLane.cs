using System.Collections.Concurrent;

namespace Streaming.Kafka;

/// <summary>One dedicated thread for native calls that block, so that no pool thread ever does. Work runs in order; continuations run on the pool.</summary>
internal sealed class BlockingLane : IDisposable
{
    private const int Capacity = 64;
    private readonly BlockingCollection<Action> _work = new(Capacity);
    private readonly Thread _thread;

    public BlockingLane(string name)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Runs one blocking call. Cancellation counts until the call starts; afterwards its own time limit does.</summary>
    public ValueTask<T> RunAsync<T>(Func<T> call, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            if (cancellation.IsCancellationRequested)
            {
                done.SetCanceled(cancellation);
                return;
            }

            try
            {
                done.SetResult(call());
            }
#pragma warning disable CA1031 // Not swallowed: the caller's await throws it.
            catch (Exception error)
#pragma warning restore CA1031
            {
                done.SetException(error);
            }
        }, cancellation);
        return new ValueTask<T>(done.Task);
    }

    /// <summary>As the other, without a result.</summary>
    public async ValueTask RunAsync(Action call, CancellationToken cancellation) => await RunAsync(() =>
    {
        call();
        return true;
    }, cancellation).ConfigureAwait(false);

    /// <summary>Finishes what was accepted, then ends the thread.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        if (Environment.CurrentManagedThreadId != _thread.ManagedThreadId) _thread.Join();
        _work.Dispose();
    }

    private void Run()
    {
        foreach (var action in _work.GetConsumingEnumerable()) action();
    }
}
