using Akka.Actor;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Pipeline.Membership;
using Streaming.Pipeline.Wire;

namespace Streaming.Pipeline.Shards;

/// <summary>
/// The entity of one partition: gives a <see cref="ShardDriver"/> its place in the cluster. It starts with the entity, drains on <see cref="HandOff"/>,
/// is abandoned when the entity stops in any other way, and answers queries while it runs.
/// </summary>
#pragma warning disable CA1001 // Actors are stopped, not disposed: PostStop disposes the driver once its run ended.
internal sealed class ShardActor : ReceiveActor
#pragma warning restore CA1001
{
    private readonly ShardNode _node;
    private readonly ShardEntry _entry;
    private readonly ShardDriver _driver;
    private Task _run = Task.CompletedTask;
    private int _waitingQueries;

    public ShardActor(int partition, ShardNode node)
    {
        _node = node;
        _entry = new ShardEntry(partition);
        _driver = new ShardDriver(node, _entry);
        Receive<Ping>(_ => { });
        Receive<GetUser>(get => AnswerAsync(get.Partition, stop => ProfileAsync(get, stop)).PipeTo(Self, Sender, answer => new Answered(answer)));
        Receive<GetList>(get => AnswerAsync(get.Partition, stop => ListAsync(get, stop)).PipeTo(Self, Sender, answer => new Answered(answer)));
        Receive<Answered>(answered =>
        {
            _waitingQueries--;
            ShardMetrics.Query(answered.Reply.Result.ToString());
            Sender.Tell(answered.Reply);
        });
        Receive<HandOff>(_ => _driver.Drain());
        Receive<DriverEnded>(ended =>
        {
            if (ended.Error is { } error) PipelineLog.ShardBroke(_node.Logger, error, partition, 0);
            Context.Stop(Self);
        });
    }

    /// <summary>Props of the entity with a name given by <see cref="ShardMessageExtractor.Name"/>.</summary>
    public static Props Props(int partition, ShardNode node) => Akka.Actor.Props.Create(() => new ShardActor(partition, node));

    protected override void PreStart()
    {
        _run = _node.Registry.Enter(_entry, _driver.RunAsync);
        _run.PipeTo(Self, success: () => new DriverEnded(null), failure: error => new DriverEnded(error));
    }

    protected override void PostStop()
    {
        _driver.Abandon();
        _run.ContinueWith(static (_, driver) => ((ShardDriver)driver!).Dispose(), _driver, TaskScheduler.Default);
    }

    private async Task<UserReply> ProfileAsync(GetUser get, CancellationToken stop)
    {
        if (!_driver.TryQuery(new UserKey(get.Key), stop, out var answer)) return UserReply.Without(UserResult.Unavailable);
        return await answer.ConfigureAwait(false) is { } view ? new UserReply(UserResult.Found, UserViewJson.Write(view, get.Partition)) : UserReply.Without(UserResult.Unknown);
    }

    private async Task<UserReply> ListAsync(GetList get, CancellationToken stop)
    {
        if (!_driver.TryRecommend(new UserKey(get.Key), get.Length, stop, out var answer)) return UserReply.Without(UserResult.Unavailable);
        var list = await answer.ConfigureAwait(false);
        return new UserReply(list.IsKnown ? UserResult.Found : UserResult.Unknown, list.Json);
    }

    private async Task<UserReply> AnswerAsync(int partition, Func<CancellationToken, Task<UserReply>> ask)
    {
        if (++_waitingQueries > _node.Options.MaxWaitingQueries) return UserReply.Without(UserResult.Unavailable);
        using var timeout = new CancellationTokenSource(_node.QueryTimeout, _node.Time);
        try
        {
            var reply = await ask(timeout.Token).ConfigureAwait(false);
            if (reply.Json.Length <= _node.Options.MaxAnswerBytes) return reply;
            PipelineLog.AnswerTooLarge(_node.Logger, partition, reply.Json.Length, _node.Options.MaxAnswerBytes);
            return UserReply.Without(UserResult.TooLarge);
        }
        catch (OperationCanceledException)
        {
            return UserReply.Without(timeout.IsCancellationRequested ? UserResult.TimedOut : UserResult.Unavailable);
        }
        catch (EngineException error) when (error.Action is ErrorAction.Retry)
        {
            // The shard takes over anew and forgot its queries; the caller may ask again.
            return UserReply.Without(UserResult.Unavailable);
        }
#pragma warning disable CA1031 // A query is answered whatever happened to it, and must not take the shard down; the log has the cause.
        catch (Exception error)
#pragma warning restore CA1031
        {
            PipelineLog.QueryFailed(_node.Logger, error, partition);
            return UserReply.Without(UserResult.Failed);
        }
    }

    private sealed record DriverEnded(Exception? Error);

    private sealed record Answered(UserReply Reply);
}
