using Streaming.Core.Errors;
using Streaming.Core.Fold;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Xunit;

namespace Streaming.Core.Tests.Shard;

/// <summary>Tables that a take-over reads while it waits for its fence.</summary>
public class EarlyTablesTests
{
    private const long Start = 1_750_000_000_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_read_early_is_not_asked_for_again_and_the_rest_is()
    {
        var (store, names) = await HandedOffAsync();
        var asked = new AskedTables();
        var early = new EarlyTables(store, asked);
        await early.StartAsync(Stop);
        Assert.Equal([.. names, "later"], (await early.TryLoadAsync([.. names, "later"], Stop)).Select(v => v!.Sha256));
        Assert.Equal([.. names, "later"], asked.For);

        // A take-over later asks anew: the store may have been put back from a backup meanwhile.
        await early.SettleAsync();
        asked.For.Clear();
        await early.TryLoadAsync(names, Stop);
        Assert.Equal(names, asked.For);
    }

    [Fact]
    public async Task An_early_read_that_fails_leaves_all_to_the_one_that_counts()
    {
        var (store, names) = await HandedOffAsync();
        var asked = new AskedTables { Failures = 1 };
        var early = new EarlyTables(store, asked);
        await early.StartAsync(Stop);
        Assert.Equal(names, (await early.TryLoadAsync(names, Stop)).Select(v => v!.Sha256));
        Assert.Equal([.. names, .. names], asked.For);
        asked.Failures = 1;
        await early.SettleAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await early.TryLoadAsync(names, Stop));
    }

    private static async Task<(IShardStore Store, List<string> Names)> HandedOffAsync()
    {
        var h = new ShardHarness();
        await using var shard = await h.OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            h.Kafka.Append("events", "u1", $$"""{"eventId":"e{{i}}","type":"view","userId":"u1","itemId":"i{{i}}","occurredAt":{{Start + i}}}""");
            await h.RunToEndAsync(shard);
        }

        await shard.HandOffAsync(Stop);
        var store = await h.Store.OpenShardAsync(0, Stop);
        var names = RowTables.Additive(ShardRowCodec.Decode((await store.ReadShardAsync(Stop)).Blob!)).ToList();
        Assert.Equal(3, names.Distinct().Count());
        return (store, names);
    }

    /// <summary>Has every table, and remembers which it was asked for.</summary>
    private sealed class AskedTables : IVectorTables
    {
        public List<string> For { get; } = [];

        public int Failures { get; set; }

        public string? BaseSha256 => null;

        public ValueTask<IReadOnlyList<NewVectorTable>> ExtendAsync(ItemVectorTable inForce, IReadOnlyCollection<int> without, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<VectorTableVersion> LoadAsync(string sha256, bool isBase, byte[]? logged, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<VectorTableVersion?[]> TryLoadAsync(IReadOnlyList<string> sha256, CancellationToken cancellation)
        {
            For.AddRange(sha256);
            if (Failures-- > 0) throw new StoreUnavailableException("away");
            return new([.. sha256.Select(s => new VectorTableVersion(s, false, []))]);
        }
    }
}
