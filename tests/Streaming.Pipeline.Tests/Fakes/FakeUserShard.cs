using System.Collections.Concurrent;
using Streaming.Core.Events;
using Streaming.Core.Shard;

namespace Streaming.Pipeline.Tests.Fakes;

/// <summary>
/// A shard that does nothing but hold its driver to the contract of <see cref="IUserShard"/>: it keeps a log of every step's begin and end and a list of violations.
/// It owns three batches, which is what the contract lets be in flight.
/// </summary>
internal sealed class FakeUserShard(int partition) : IUserShard
{
    private readonly Lock _lock = new();
    private readonly ShardBatch[] _batches = [new(), new(), new()];
    private readonly Dictionary<ShardBatch, long> _numbers = [];
    private readonly HashSet<string> _running = [];
    private long _nextIngest, _nextWork, _nextCommit;
    private bool _owns, _disposed;

    public int Partition => partition;

    /// <summary>"work 3", "work 3 done", "take-over", …, in order.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>Runs inside a step, given its name ("ingest", "work", "commit", "take-over", "hand-off") and batch number.</summary>
    public Func<string, long, CancellationToken, Task> Inside { get; set; } = (step, _, c) => step == "ingest" ? Task.Delay(1, c) : Task.CompletedTask;

    public Func<UserKey, UserView?> User { get; set; } = _ => null;

    public bool IsDisposed => _disposed;

    public int LostUsers { get; set; }

    public long Committed { get; private set; }

    public ShardStatus Status => new(_owns ? "running" : "new", new ShardOffsets(Committed, 0, 0), ShardOffsets.None, 0, 0, 0, 0, 0, null) { LostUserCount = LostUsers };

    public async ValueTask TakeOverAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            Require(_running.Count == 0, "take-over while a step runs");
            _owns = false;
            _numbers.Clear();
            _nextIngest = _nextWork = _nextCommit = 0;
        }

        await StepAsync("take-over", -1, cancellation);
        _owns = true;
    }

    public async ValueTask<ShardBatch> IngestAsync(CancellationToken cancellation)
    {
        long number;
        lock (_lock)
        {
            number = _nextIngest++;
            Require(number <= _nextCommit + 2, $"ingest {number} while commit stands at {_nextCommit}");
        }

        await StepAsync("ingest", number, cancellation);
        var batch = _batches[number % 3];
        lock (_lock)
        {
            Require(!_numbers.ContainsKey(batch), $"batch of {number} is still in flight");
            _numbers[batch] = number;
            batch.IsEmpty = false;
        }

        return batch;
    }

    public async ValueTask WorkAsync(ShardBatch batch, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Require(_numbers[batch] == _nextWork, $"work {_numbers[batch]} in place of {_nextWork}");
            Require(_nextWork <= _nextCommit + 1, $"work {_nextWork} while commit stands at {_nextCommit}");
        }

        await StepAsync("work", _nextWork, cancellation);
        lock (_lock) _nextWork++;
    }

    public async ValueTask CommitAsync(ShardBatch batch, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Require(_numbers[batch] == _nextCommit, $"commit {_numbers[batch]} in place of {_nextCommit}");
            Require(_nextCommit < _nextWork, $"commit {_nextCommit} before its work");
        }

        await StepAsync("commit", _nextCommit, cancellation);
        lock (_lock)
        {
            _nextCommit++;
            Committed++;
            _numbers.Remove(batch);
        }
    }

    public async ValueTask HandOffAsync(CancellationToken cancellation)
    {
        lock (_lock) Require(_numbers.Count == 0, "hand-off with a batch in flight");
        await StepAsync("hand-off", -1, cancellation, alone: true);
    }

    public Task<UserView?> QueryAsync(UserKey user, CancellationToken cancellation) => Task.FromResult(User(user));

    public Task<UserList> RecommendAsync(UserKey user, int length, CancellationToken cancellation) =>
        Task.FromResult(new UserList(System.Text.Encoding.UTF8.GetBytes($"{{\"user\":\"{user}\",\"length\":{length}}}"), User(user) is not null));

    public ValueTask DisposeAsync()
    {
        lock (_lock) Require(_running.Count == 0, "disposed while a step runs");
        Log.Enqueue("disposed");
        _disposed = true;
        return default;
    }

    private async Task StepAsync(string step, long number, CancellationToken cancellation, bool alone = false)
    {
        lock (_lock)
        {
            Require(!_disposed, $"{step} after dispose");
            Require(step == "take-over" || _owns, $"{step} before a take-over");
            if (alone) Require(_running.Count == 0, $"{step} while another step runs");
            Require(_running.Add(step), $"{step} runs twice at once");
        }

        Log.Enqueue(number < 0 ? step : $"{step} {number}");
        try
        {
            await Inside(step, number, cancellation);
            Log.Enqueue((number < 0 ? step : $"{step} {number}") + " done");
        }
        finally
        {
            lock (_lock) _running.Remove(step);
        }
    }

    private void Require(bool holds, string what)
    {
        if (!holds) Violations.Enqueue(what);
    }
}
