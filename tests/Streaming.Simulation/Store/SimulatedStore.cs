using Streaming.Core.Errors;
using Streaming.Core.Snapshot;
using Streaming.Simulation.Kernel;

namespace Streaming.Simulation.Store;

/// <summary>The store as one process sees it.</summary>
internal sealed class SimulatedStore(StoreModel model, Wire wire, Rng rng, Process process, long timeOutUs, bool isAtomic) : ISnapshotStore
{
    public string Description => "simulated";

    public ValueTask PrepareAsync(CancellationToken cancellation) => default;

    public ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation) => new(new SimulatedShardStore(this, model, rng, partition, isAtomic));

    public async ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation) => await AskAsync(Label.ReadBlob, () => model.Blob(name), cancellation).ConfigureAwait(false);

    public async ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var copy = bytes.ToArray();
        await AskAsync(Label.WriteBlob, () =>
        {
            model.PutBlob(name, copy);
            return true;
        }, cancellation).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => default;

    public Task<T> AskAsync<T>(Label label, Func<T> effect, CancellationToken cancellation)
    {
        var generation = model.Generation;
        return wire.AskAsync(process, label, () => model.IsDown(label) || model.Generation != generation, effect, timeOutUs, () => new StoreUnavailableException($"{label}: no answer"), model.SlowBy(label), cancellation);
    }
}
