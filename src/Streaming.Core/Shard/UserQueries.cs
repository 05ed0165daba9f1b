using System.Collections.Concurrent;
using Streaming.Core.Churn;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>Questions for a user's view or list. The batch that comes next works the answers out, and gives them once it is committed.</summary>
/// <param name="services">What the shard is given.</param>
/// <param name="loader">Reads the rows of users who are not in memory.</param>
/// <param name="wait">How long it waits for the store.</param>
/// <param name="churn">Risk of churn, for the view.</param>
/// <param name="recommend">Makes the lists.</param>
/// <param name="wake">Called with each question: a shard that waits for events would leave it until its wait is over.</param>
internal sealed class UserQueries(ShardServices services, UserLoader loader, StoreWait wait, ChurnModel churn, RecommendStage recommend, Action wake)
{
    private readonly ConcurrentQueue<UserQuestion> _waiting = new();
    private readonly List<UserQuestion> _asked = [];
    private readonly List<ListQuestion> _lists = [];
    private readonly HashSet<UserQuestion> _unanswered = [];

    /// <summary>Asks for a profile, from any thread. Refused at once where too many wait already, and by the take-over that comes in between.</summary>
    public Task<UserView?> AskAsync(UserKey user, CancellationToken cancellation)
    {
        var question = new ProfileQuestion(user);
        Ask(question);
        return question.Task.WaitAsync(cancellation);
    }

    /// <summary>Asks for a list, likewise.</summary>
    public Task<UserList> AskListAsync(UserKey user, int length, CancellationToken cancellation)
    {
        var question = new ListQuestion(user, length);
        Ask(question);
        return question.Task.WaitAsync(cancellation);
    }

    /// <summary>Works out what was asked until now, with one read for all of it; returns the rows that could not be read.</summary>
    public async ValueTask<IReadOnlyList<UnreadableRow>> WorkAsync(ShardMemory memory, ShardBatch batch, CancellationToken cancellation)
    {
        _asked.Clear();
        _lists.Clear();
        while (_waiting.TryDequeue(out var question)) _asked.Add(question);
        if (_asked.Count == 0) return [];
        lock (_unanswered) _unanswered.UnionWith(_asked);
        await loader.LoadAsync(memory, _asked.Select(q => q.Key).ToHashSet(), wait, cancellation).ConfigureAwait(false);
        var unreadable = loader.Unreadable.Select(u => u.Key).ToHashSet();
        foreach (var question in _asked)
        {
            var user = memory.Users.Find(question.Key);
            var isUnreadable = (user is null || user.IsErased) && (unreadable.Contains(question.Key) || memory.Parked.ContainsKey(question.Key));
            if (question is ListQuestion list)
            {
                list.IsUnreadable = isUnreadable;
                _lists.Add(list);
            }
            else if (question is ProfileQuestion profile)
            {
                profile.View = View(memory, user, isUnreadable, question.Key);
            }

            batch.Answers.Add(question);
        }

        if (_lists.Count > 0) await recommend.AnswerAsync(memory, _lists, cancellation).ConfigureAwait(false);
        return loader.Unreadable;
    }

    /// <summary>The batch is committed: gives its answers.</summary>
    public void Answer(ShardBatch batch)
    {
        if (batch.Answers.Count == 0) return;
        foreach (var question in batch.Answers) question.Answer();
        lock (_unanswered) _unanswered.ExceptWith(batch.Answers);
    }

    /// <summary>Refuses all that is not answered: those that wait, and those of batches that were cut short.</summary>
    public void Refuse()
    {
        UserQuestion[] unanswered;
        lock (_unanswered)
        {
            unanswered = [.. _unanswered];
            _unanswered.Clear();
        }

        foreach (var question in unanswered) Refuse(question);
        while (_waiting.TryDequeue(out var question)) Refuse(question);
    }

    private static void Refuse(UserQuestion question) => question.Refuse(new BrokerUnavailableException("the shard is taking over; ask again"));

    private void Ask(UserQuestion question)
    {
        // A query that timed out stays in the queue until the next batch: without a bound a shard that waits for its broker would gather them.
        if (_waiting.Count >= services.Shard.MaxQueries)
        {
            question.Refuse(new BrokerUnavailableException($"{services.Shard.MaxQueries} queries wait for the shard already"));
            return;
        }

        _waiting.Enqueue(question);
        wake();
    }

    private UserView? View(ShardMemory memory, UserState? user, bool isUnreadable, UserKey key)
    {
        if (isUnreadable) return UserViews.Of(new UserState(key), services.Items, services.Fold, null, 0, degraded: true);
        if (user is null) return null;
        InterestFold.Derive(user, memory.State);
        return user.IsErased ? null : UserViews.Of(user, services.Items, memory.State.Settings.Options, churn, memory.State.StreamTimeMs) with { AppliedEvents = memory.Position.Events };
    }
}
