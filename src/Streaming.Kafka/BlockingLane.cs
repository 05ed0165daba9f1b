using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Streaming.Kafka;

/// <summary>One dedicated thread for native calls that block, so that no pool thread ever does. Work runs in order; continuations run on the pool.</summary>
internal sealed class BlockingLane : IDisposable
{
    private const int Capacity = 64, Turns = 4;
    private readonly BlockingCollection<Action> _work = new(Capacity);
    private readonly string _name;
    private volatile Thread _thread;

    public BlockingLane(string name)
    {
        _name = name;
        Start();
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

    /// <summary>Whether a call has ended within a time limit. It is waited for in turns: a process that was frozen meanwhile has not waited.</summary>
    public static async ValueTask<bool> EndsAsync(Task call, TimeSpan limit)
    {
        for (var turns = 0; turns < Turns && !call.IsCompleted; turns++) await call.WaitAsync(limit / Turns).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return call.IsCompleted;
    }

    /// <summary>Leaves the thread to a call that does not return: another one goes on with what waits, and it ends by itself should the call return after all.</summary>
    public void LeaveThread() => Start();

    /// <summary>Finishes what was accepted, then ends the thread.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        if (Environment.CurrentManagedThreadId != _thread.ManagedThreadId) _thread.Join();
        _work.Dispose();
    }

    [MemberNotNull(nameof(_thread))]
    private void Start()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = _name };
        _thread = thread;
        thread.Start();
    }

    private void Run()
    {
        while (_thread == Thread.CurrentThread && _work.TryTake(out var action, Timeout.Infinite)) action();
    }
}
