using System.Diagnostics.CodeAnalysis;
using Cassandra;
using Microsoft.Extensions.Logging;
using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Cassandra;

/// <summary>Every request of the process goes through here: bounded in flight, repeated with growing pauses, translated where it fails.</summary>
internal sealed class CassandraRequests(ISession session, CassandraOptions options, StoreMeter meter, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _inFlight = new(options.ConcurrentRequests);
    private int _away;

    /// <summary>Sends the statement; the answer is one page of rows where the statement does not page by itself.</summary>
    public async Task<RowSet> SendAsync(IStatement statement, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var rows = await OnceAsync(statement, cancellation);
                if (Volatile.Read(ref _away) != 0 && Interlocked.Exchange(ref _away, 0) != 0) CassandraLog.Back(logger);
                return rows;
            }
            catch (Exception error) when (CassandraErrors.IsStoreError(error))
            {
                if (attempt >= options.Attempts || !CassandraErrors.IsPassing(error)) throw Failed(error, attempt);
                await PauseAsync(error, attempt, cancellation);
            }
        }
    }

    /// <summary>Runs many calls, as many at once as the bound allows; the first failure ends it once those in flight are done.</summary>
    public Task ForEachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, ValueTask> call, CancellationToken cancellation) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = options.ConcurrentRequests, CancellationToken = cancellation }, call);

    public void Dispose() => _inFlight.Dispose();

    private async Task<RowSet> OnceAsync(IStatement statement, CancellationToken cancellation)
    {
        await _inFlight.WaitAsync(cancellation);
        try
        {
            // The driver cannot recall a request; the place in flight is given back when it is answered or timed out.
            return await session.ExecuteAsync(statement);
        }
        finally
        {
            _inFlight.Release();
        }
    }

    [SuppressMessage("Security", "CA5394", Justification = "Jitter, not a secret.")]
    private async Task PauseAsync(Exception error, int attempt, CancellationToken cancellation)
    {
        var pause = TimeSpan.FromMilliseconds(options.BackoffMs * Math.Pow(2, attempt - 1) * (0.5 + Random.Shared.NextDouble()));
        meter.Retried();
        CassandraLog.Retrying(logger, attempt + 1, options.Attempts, pause.TotalMilliseconds, error.Message);
        await Task.Delay(pause, cancellation);
    }

    private Core.Errors.StoreUnavailableException Failed(Exception error, int attempt)
    {
        meter.Failed();
        var told = CassandraErrors.Translate(error);
        // An outage fails every call of every shard: one line of it, not thousands.
        if (Interlocked.Exchange(ref _away, 1) == 0) CassandraLog.GaveUp(logger, attempt, told.Message);
        return told;
    }
}
