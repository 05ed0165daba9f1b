using Streaming.Core.Items;
using Streaming.Host.Audit;
using Streaming.Simulation.Broker;
using Streaming.Simulation.Kernel;
using Streaming.Simulation.Store;
using Streaming.Simulation.Workload;

namespace Streaming.Simulation.Checks;

/// <summary>
/// The checkers at the end, in this order: the reference fold of <c>audit</c> finds no loss, duplicate, phantom, second alert or other state; a replay of the whole log into an empty store gives the same bits;
/// every wait has its entry in the due index; the shop's own count of each user's events holds; who was erased last is gone; topics created anew are refused.
/// </summary>
internal sealed class FinalChecks(World world, Shop shop)
{
    public void Run()
    {
        Reference();
        if (world.Failure is null) new ReplayCheck(world).Run();
        if (world.Failure is null) new DueIndexCheck(world).Run();
        if (world.Failure is null) new CountCheck(world, shop).Run();
        if (world.Failure is null) new RecreatedTopicsCheck(world, new Rng(1)).Run();
    }

    private void Reference()
    {
        var audit = new AuditCommand(new LogSource(world.Broker, world.Names), new CalmStore(world.Store), new Tables(world.Store), TimeProvider.System)
            .RunAsync(new AuditOptions { RecommendDebounce = world.Plan.Shard.RecommendDebounce, StoreWait = TimeSpan.Zero, Churn = world.Plan.Churn, Decode = Plan.Decode }, new Silent(), CancellationToken.None);
        if (!audit.IsCompleted) throw new InvalidOperationException("the audit waits for something, though nothing it reads is away");
        var result = audit.GetAwaiter().GetResult();
        if (!result.Consistent) world.Fail("audit: " + string.Join(" | ", result.Problems.Take(6)) + result.NotAuditable);
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
