using System.Diagnostics;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using Streaming.Core.Shard;

namespace Streaming.Pipeline.Shards;

/// <summary>
/// One run of a shard's stream, from a take-over to the first error or the drain:
/// <code>1 Ingest ─ buffer of 1 ─ 2 Work ─ 3 Commit</code>
/// An element is a batch. Step 2 takes the next batch only when step 3 took its last one, and the one buffer lets step 1 run one batch ahead of step 2: so
/// Ingest of n+2, Work of n+1 and Commit of n overlap, never more, and three batches exist at a time. A buffer before step 3 too would let Work run two
/// batches ahead of Commit, which <see cref="IUserShard"/> forbids.
/// </summary>
internal sealed class BatchStream : IDisposable
{
    private readonly IUserShard _shard;
    private readonly CancellationToken _drain, _abandon;
    private readonly CancellationTokenSource _failed = new(), _ingest, _work;
    private readonly StepGate _gate = new();
    private readonly List<Exception> _errors = [];
    private long _committed;

    /// <param name="shard">A shard that was taken over.</param>
    /// <param name="drain">Cancelled: ingest nothing more, commit what is in flight, end.</param>
    /// <param name="abandon">Cancelled: end every step as soon as it can.</param>
    public BatchStream(IUserShard shard, CancellationToken drain, CancellationToken abandon)
    {
        _shard = shard;
        _drain = drain;
        _abandon = abandon;
        _ingest = CancellationTokenSource.CreateLinkedTokenSource(_failed.Token, drain, abandon);
        _work = CancellationTokenSource.CreateLinkedTokenSource(_failed.Token, abandon);
    }

    /// <summary>Called after each commit, by one thread at a time.</summary>
    public Action? Committed { get; init; }

    /// <summary>Runs until drained or failed, and until no step runs.</summary>
    public async Task<StreamEnd> RunAsync(IMaterializer materializer)
    {
        var end = Source.UnfoldAsync(NotUsed.Instance, _ => IngestAsync()) // 1
            .Buffer(1, OverflowStrategy.Backpressure)
            .SelectAsync(1, WorkAsync) // 2
            .SelectAsync(1, CommitAsync) // 3
            .RunWith(Sink.Ignore<ShardBatch>(), materializer);
        // A stream whose actor system is being torn down may end without a word, so the word to abandon ends the wait too.
        var abandoned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = _abandon.Register(() => abandoned.TrySetCanceled(_abandon)).ConfigureAwait(false);
        try
        {
            await (await Task.WhenAny(end, abandoned.Task).ConfigureAwait(false)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever ended the stream is an error of the run, which the driver answers; nothing is dropped.
        catch (Exception error)
#pragma warning restore CA1031
        {
            // A step's own error is noted already; the stream repeats it.
            if (!_failed.IsCancellationRequested) Fail(error);
        }

        await _gate.CloseAsync().ConfigureAwait(false);
        lock (_errors) return new StreamEnd([.. _errors], _committed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ingest.Dispose();
        _work.Dispose();
        _failed.Dispose();
    }

    private async Task<Option<(NotUsed, ShardBatch)>> IngestAsync()
    {
        if (_drain.IsCancellationRequested) return Option<(NotUsed, ShardBatch)>.None;
        try
        {
            var batch = await StepAsync("ingest", () => _shard.IngestAsync(_ingest.Token).AsTask()).ConfigureAwait(false);
            return (NotUsed.Instance, batch);
        }
        catch (OperationCanceledException) when (_drain.IsCancellationRequested)
        {
            return Option<(NotUsed, ShardBatch)>.None;
        }
    }

    private Task<ShardBatch> WorkAsync(ShardBatch batch) => StepAsync("work", async () =>
    {
        await _shard.WorkAsync(batch, _work.Token).ConfigureAwait(false);
        return batch;
    });

    private Task<ShardBatch> CommitAsync(ShardBatch batch) => StepAsync("commit", async () =>
    {
        // Read before: the shard may fill the batch again once it is committed.
        var counts = !batch.IsEmpty;
        // An error elsewhere does not cancel a commit: cut short, its outcome would be unknown for nothing.
        await _shard.CommitAsync(batch, _abandon).ConfigureAwait(false);
        if (counts) Interlocked.Increment(ref _committed);
        Committed?.Invoke();
        return batch;
    });

    /// <summary>Runs a step off the stream's own thread (steps compute, and three may run at once), counted by the gate.</summary>
    private async Task<ShardBatch> StepAsync(string step, Func<Task<ShardBatch>> body)
    {
        if (!_gate.TryEnter()) throw new OperationCanceledException("The run of the shard ended.");
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await Task.Run(body).ConfigureAwait(false);
        }
        catch (Exception error) when (!(error is OperationCanceledException && (_drain.IsCancellationRequested || _failed.IsCancellationRequested)))
        {
            Fail(error);
            throw;
        }
        finally
        {
            ShardMetrics.Step(step, Stopwatch.GetElapsedTime(started));
            _gate.Exit();
        }
    }

    /// <summary>Notes an error of a step, admits no further step and ends those that may be ended.</summary>
    private void Fail(Exception error)
    {
        lock (_errors) _errors.Add(error);
        _ = _gate.CloseAsync();
        _failed.Cancel();
    }
}
