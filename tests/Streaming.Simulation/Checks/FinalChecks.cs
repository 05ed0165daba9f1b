using Streaming.Core.Items;
using Streaming.Host.Audit;
using Streaming.Simulation.Broker;
using Streaming.Simulation.Kernel;
using Streaming.Simulation.Store;
using Streaming.Simulation.Workload;

namespace Streaming.Simulation.Checks;

/// <summary>
/// The checkers at the end, in this order: the reference fold of <c>audit</c> finds no loss, duplicate, phantom, second alert or other state; a replay of the whole log into an empty store gives the same bits;
/// every wait has its entry in the due index; the shop's own count of each user's events holds; who was erased last is gone; topics created anew are refused; no request ended a transaction that it was not for.
/// The first that speaks ends the run, unless the run goes on: then each is asked.
/// </summary>
internal sealed class FinalChecks(World world, Shop shop)
{
    public void Run()
    {
        Ask(Checker.Audit, Reference);
        Ask(Checker.Replay, new ReplayCheck(world).Run);
        Ask(Checker.DueIndex, new DueIndexCheck(world).Run);
        Ask(Checker.Count, new CountCheck(world, shop).Run);
        Ask(Checker.CreatedAnew, new RecreatedTopicsCheck(world, new Rng(1)).Run);
        Ask(Checker.Torn, Torn);
    }

    private void Ask(Checker checker, Action ask)
    {
        if (world.IsOver) return;
        try
        {
            ask();
        }
#pragma warning disable CA1031 // Whatever a broken engine makes a checker stumble over is a finding, and the next checker is asked all the same.
        catch (Exception error)
#pragma warning restore CA1031
        {
            world.Fail(checker, $"a checker broke: {error}");
        }
    }

    private void Torn()
    {
        if (world.Broker.Ends.Torn is var torn and > 0) world.Fail(Checker.Torn, FormattableString.Invariant($"torn: {torn} requests to end a transaction ended another than the one they were for"));
    }

    private void Reference()
    {
        var audit = new AuditCommand(new LogSource(world.Broker, world.Names), new CalmStore(world.Store), new Tables(world.Store), TimeProvider.System)
            .RunAsync(new AuditOptions { RecommendDebounce = world.Plan.Shard.RecommendDebounce, StoreWait = TimeSpan.Zero, Churn = world.Plan.Churn, Decode = Plan.Decode }, new Silent(), CancellationToken.None);
        if (!audit.IsCompleted) throw new InvalidOperationException("the audit waits for something, though nothing it reads is away");
        var result = audit.GetAwaiter().GetResult();
        if (!result.Consistent) world.Fail(Checker.Audit, "audit: " + string.Join(" | ", result.Problems.Take(6)) + result.NotAuditable);
    }

    private sealed class Silent : IProgress<AuditProgress>
    {
        public void Report(AuditProgress value) { }
    }

    private sealed class Tables(StoreModel store) : IVectorTableSource
    {
        public ValueTask<IReadOnlyList<(string Item, float[] Vector)>?> ReadAsync(string sha256, int dimensions, byte[]? logged, CancellationToken cancellation) =>
            new((store.Blob(VectorTables.BlobName(sha256)) ?? logged) is { } bytes ? [.. VectorTableBlob.Read(bytes, dimensions).Select(e => (System.Text.Encoding.UTF8.GetString(e.ItemId), e.Vector))] : null);
    }
}
