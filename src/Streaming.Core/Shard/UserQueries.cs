using System.Collections.Concurrent;
using Streaming.Core.Churn;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>Questions for a user's view. The batch that comes next works the answers out, and gives them once it is committed.</summary>
internal sealed class UserQueries(ShardServices services, UserLoader loader, StoreWait wait, ChurnModel churn)
{
    private readonly ConcurrentQueue<(UserKey Key, TaskCompletionSource<UserView?> Answer)> _waiting = new();
    private readonly List<(UserKey Key, TaskCompletionSource<UserView?> Answer)> _asked = [];
    private readonly HashSet<TaskCompletionSource<UserView?>> _unanswered = [];

    /// <summary>Asks, from any thread. Refused at once where too many wait already, and by the take-over that comes in between.</summary>
    public Task<UserView?> AskAsync(UserKey user, CancellationToken cancellation)
    {
        // A query that timed out stays in the queue until the next batch: without a bound a shard that waits for its broker would gather them.
        if (_waiting.Count >= services.Shard.MaxQueries) return Task.FromException<UserView?>(new BrokerUnavailableException($"{services.Shard.MaxQueries} queries wait for the shard already"));
        var answer = new TaskCompletionSource<UserView?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((user, answer));
        return answer.Task.WaitAsync(cancellation);
    }

    /// <summary>Works out what was asked until now, with one read for all of it; returns the rows that could not be read.</summary>
    public async ValueTask<IReadOnlyList<UnreadableRow>> WorkAsync(ShardMemory memory, ShardBatch batch, CancellationToken cancellation)
    {
        _asked.Clear();
        while (_waiting.TryDequeue(out var query)) _asked.Add(query);
        if (_asked.Count == 0) return [];
        lock (_unanswered) _unanswered.UnionWith(_asked.Select(q => q.Answer));
        await loader.LoadAsync(memory, _asked.Select(q => q.Key).ToHashSet(), wait, cancellation).ConfigureAwait(false);
        var unreadable = loader.Unreadable.Select(u => u.Key).ToHashSet();
        foreach (var (key, answer) in _asked)
        {
            var user = memory.Users.Find(key);
            if (user is not null) InterestFold.Derive(user, memory.State);
            var view = user is null || user.IsErased ? null : UserViews.Of(user, services.Items, memory.State.Settings.Options, churn, memory.State.StreamTimeMs);
            if (view is null && (unreadable.Contains(key) || memory.Parked.ContainsKey(key))) view = UserViews.Of(new UserState(key), services.Items, services.Fold, null, 0, degraded: true);
            batch.Answers.Add((answer, view));
        }

        return loader.Unreadable;
    }

    /// <summary>The batch is committed: gives its answers.</summary>
    public void Answer(ShardBatch batch)
    {
        if (batch.Answers.Count == 0) return;
        foreach (var (answer, view) in batch.Answers) answer.TrySetResult(view);
        lock (_unanswered) _unanswered.ExceptWith(batch.Answers.Select(a => a.Answer));
    }

    /// <summary>Refuses all that is not answered: those that wait, and those of batches that were cut short.</summary>
    public void Refuse()
    {
        TaskCompletionSource<UserView?>[] unanswered;
        lock (_unanswered)
        {
            unanswered = [.. _unanswered];
            _unanswered.Clear();
        }

        foreach (var answer in unanswered) Refuse(answer);
        while (_waiting.TryDequeue(out var query)) Refuse(query.Answer);
    }

    private static void Refuse(TaskCompletionSource<UserView?> answer) => answer.TrySetException(new BrokerUnavailableException("the shard is taking over; ask again"));
}
