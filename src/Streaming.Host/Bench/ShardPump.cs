using System.Threading.Channels;
using Streaming.Core.Shard;

namespace Streaming.Host.Bench;

/// <summary>Drives a shard without a cluster: Ingest of batch n+2, Work of n+1 and Commit of n overlap, as in the engine.</summary>
internal static class ShardPump
{
    /// <summary>Runs until a commit leaves the shard where it is wanted, or a step fails.</summary>
    /// <param name="shard">A shard that was taken over.</param>
    /// <param name="begins">Called before each batch with events is worked.</param>
    /// <param name="isDone">Asked after each commit.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task RunAsync(UserShard shard, Action? begins, Func<ShardStatus, bool> isDone, CancellationToken cancellation)
    {
        var worked = Channel.CreateBounded<ShardBatch>(1);
        var read = Channel.CreateBounded<ShardBatch>(1);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ingest = StepAsync(read.Writer, async () =>
        {
            while (!done.IsCancellationRequested) await read.Writer.WriteAsync(await shard.IngestAsync(done.Token), done.Token);
        });
        var work = StepAsync(worked.Writer, async () =>
        {
            await foreach (var batch in read.Reader.ReadAllAsync(done.Token))
            {
                if (batch.Events.Count > 0) begins?.Invoke();
                await shard.WorkAsync(batch, done.Token);
                await worked.Writer.WriteAsync(batch, done.Token);
            }
        });
        try
        {
            await foreach (var batch in worked.Reader.ReadAllAsync(cancellation))
            {
                await shard.CommitAsync(batch, cancellation);
                if (isDone(shard.Status)) return;
            }
        }
        finally
        {
            await done.CancelAsync();
            await Task.WhenAll(ingest, work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A step that fails ends the next one with its error, so that nobody waits for batches that do not come.
    private static Task StepAsync(ChannelWriter<ShardBatch> into, Func<Task> step) => Task.Run(async () =>
    {
        try
        {
            await step();
        }
        catch (Exception error)
        {
            into.TryComplete(error);
            throw;
        }
    });
}
