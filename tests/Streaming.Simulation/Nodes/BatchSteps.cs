using Streaming.Core.Errors;
using Streaming.Core.Shard;

namespace Streaming.Simulation.Nodes;

/// <summary>One run of a shard's steps, from a take-over to the first error or the drain, overlapped as BatchStream overlaps them.</summary>
internal sealed class BatchSteps : IDisposable
{
    private readonly Node _node;
    private readonly UserShard _shard;
    private readonly CancellationToken _drain, _abandon;
    private readonly CancellationTokenSource _failed = new(), _ingest, _work;
    private readonly List<Exception> _errors = [];

    public BatchSteps(Node node, UserShard shard, CancellationToken drain, CancellationToken abandon)
    {
        (_node, _shard, _drain, _abandon) = (node, shard, drain, abandon);
        _ingest = CancellationTokenSource.CreateLinkedTokenSource(_failed.Token, drain, abandon);
        _work = CancellationTokenSource.CreateLinkedTokenSource(_failed.Token, abandon);
    }

    /// <summary>Batches committed that held something.</summary>
    public int Committed { get; private set; }

    /// <summary>Runs until drained or failed, and until no step runs.</summary>
    /// <returns>The error to act on; null after a drain.</returns>
    public async Task<Exception?> RunAsync()
    {
        var ingesting = IngestAsync();
        var committing = Task.FromResult(true);
        while (await ingesting.ConfigureAwait(false) is { } batch)
        {
            ingesting = IngestAsync();
            var isWorked = await WorkAsync(batch).ConfigureAwait(false);
            if (!await committing.ConfigureAwait(false) || !isWorked) break;
            committing = CommitAsync(batch);
        }

        await ingesting.ConfigureAwait(false);
        await committing.ConfigureAwait(false);
        // A step that was cut short may have moved the state beyond what is committed: no hand-off follows.
        if (_errors.Count == 0 && _abandon.IsCancellationRequested) return new OperationCanceledException(_abandon);
        return _errors.Count == 0 ? null : _errors.MaxBy(Rank);
    }

    public void Dispose()
    {
        _ingest.Dispose();
        _work.Dispose();
        _failed.Dispose();
    }

    private async Task<ShardBatch?> IngestAsync()
    {
        if (_drain.IsCancellationRequested || _failed.IsCancellationRequested) return null;
        ShardBatch? read = null;
        var isRead = await StepAsync(async () => read = await _shard.IngestAsync(_ingest.Token).ConfigureAwait(false)).ConfigureAwait(false);
        return isRead ? read : null;
    }

    private Task<bool> WorkAsync(ShardBatch batch) => StepAsync(() => _shard.WorkAsync(batch, _work.Token).AsTask());

    private Task<bool> CommitAsync(ShardBatch batch) => StepAsync(async () =>
    {
        var counts = !batch.IsEmpty;
        // An error elsewhere does not cancel a commit.
        await _shard.CommitAsync(batch, _abandon).ConfigureAwait(false);
        if (counts) Committed++;
    });

    private async Task<bool> StepAsync(Func<Task> step)
    {
        try
        {
            await _node.World.BrokerWire.YieldAsync(_node.Process).ConfigureAwait(false);
            await step().ConfigureAwait(false);
            _node.World.AfterStep(_shard);
            return true;
        }
        catch (OperationCanceledException) when (IsHere() && (_failed.IsCancellationRequested || _drain.IsCancellationRequested))
        {
            return false;
        }
#pragma warning disable CA1031 // Noted, and answered by the shard's life.
        catch (Exception error)
#pragma warning restore CA1031
        {
            IsHere();
            _errors.Add(error);
            _failed.Cancel();
            return false;
        }
    }

    private bool IsHere()
    {
        _node.World.Trace.CheckThread();
        return true;
    }

    // As StreamEnd.Worst: a fence outranks everything, then what needs a person, then what needs a take-over.
    private static int Rank(Exception error) => (error as EngineException)?.Action switch
    {
        ErrorAction.StopAndBackOff => 4,
        ErrorAction.Fatal => 3,
        ErrorAction.TakeOverAgain => 2,
        null => 5,
        _ => 0,
    };
}
