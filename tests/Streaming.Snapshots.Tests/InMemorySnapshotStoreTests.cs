using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Tests;

public sealed class InMemorySnapshotStoreTests : SnapshotStoreContract
{
    private protected override ISnapshotStore Open() => new InMemorySnapshotStore();
}
