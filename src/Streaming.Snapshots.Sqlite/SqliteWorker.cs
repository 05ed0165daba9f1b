using System.Collections.Concurrent;
using Streaming.Core.Errors;

namespace Streaming.Snapshots.Sqlite;

/// <summary>
/// One thread with one connection: SQLite's calls block, so they run here and never on a thread of the pool. Calls run in the order they came;
/// more than the bound are refused, not queued.
/// </summary>
/// <typeparam name="T">What the thread owns: opened on it, used on it, disposed on it.</typeparam>
internal sealed class SqliteWorker<T> : IAsyncDisposable where T : class, IDisposable
{
    private readonly BlockingCollection<Action> _calls;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<T> _open;
    private readonly string _file;
    private T? _resource;
    private int _closed;

    /// <summary>What failed after its caller had the answer (copying the log back): the next caller is told.</summary>
    private Exception? _late;

    public SqliteWorker(string name, string file, int queueCalls, Func<T> open)
    {
        _file = file;
        _open = open;
        _calls = new BlockingCollection<Action>(queueCalls);
        new Thread(Loop) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Runs the call on the thread. <paramref name="afterwards"/> runs there too, once the caller has its answer.</summary>
    public Task<TResult> RunAsync<TResult>(Func<T, TResult> call, CancellationToken cancellation, Action<T>? afterwards = null)
    {
        var answer = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Run()
        {
            // A call that has begun is finished: a transaction cut in the middle would tell the caller nothing.
            if (cancellation.IsCancellationRequested)
            {
                answer.TrySetCanceled(cancellation);
                return;
            }

            Execute(answer, call, afterwards);
        }

        try
        {
            if (!_calls.TryAdd(Run)) throw new StoreUnavailableException($"{_calls.BoundedCapacity} calls already wait for '{_file}'");
        }
        catch (InvalidOperationException error)
        {
            throw new StoreUnavailableException($"'{_file}' was closed", error);
        }

        return answer.Task;
    }

    /// <summary>Ends after the calls that already wait.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0) _calls.CompleteAdding();
        await _ended.Task;
    }

    private void Execute<TResult>(TaskCompletionSource<TResult> answer, Func<T, TResult> call, Action<T>? afterwards)
    {
        try
        {
            if (_late is { } late)
            {
                _late = null;
                throw late;
            }

            _resource ??= _open();
            answer.TrySetResult(call(_resource));
            afterwards?.Invoke(_resource);
        }
        // The thread must outlive every error: the caller gets it, and the connection is opened anew (which also rolls back what was open).
#pragma warning disable CA1031
        catch (Exception error)
#pragma warning restore CA1031
        {
            var told = SqliteErrors.IsStoreError(error) ? SqliteErrors.Translate(error, _file) : error;
            _resource?.Dispose();
            _resource = null;
            if (!answer.TrySetException(told)) _late = told;
        }
    }

    private void Loop()
    {
        try
        {
            foreach (var call in _calls.GetConsumingEnumerable()) call();
            _resource?.Dispose();
            _ended.SetResult();
        }
        catch (Exception error) when (SqliteErrors.IsStoreError(error))
        {
            _ended.SetException(SqliteErrors.Translate(error, _file));
        }
    }
}
