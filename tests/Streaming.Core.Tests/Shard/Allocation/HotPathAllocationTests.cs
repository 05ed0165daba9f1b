using Streaming.Core.Items;
using Streaming.Core.Snapshot;
using Streaming.Core.Tests.Snapshot;

namespace Streaming.Core.Tests.Shard.Allocation;

/// <summary>What an event costs in managed bytes from its record to its profile's row, once its user is resident. Exact on any machine, however busy.</summary>
public sealed class HotPathAllocationTests(ITestOutputHelper output)
{
    private const int EventsOfRound = 120_000, Rounds = 3;
    private const double MaxBytesPerEvent = 8;

    /// <summary>Batches of the default size and small ones, in which what a batch costs counts for more.</summary>
    [Theory]
    [InlineData(4000)]
    [InlineData(500)]
    public async Task Way_of_an_event_of_a_resident_user_allocates_at_most_8_bytes(int batchRecords)
    {
        var (_, all) = await LeastAsync(batchRecords, TimeSpan.FromSeconds(1));
        Assert.True(all <= MaxBytesPerEvent, $"{all:F2} B an event");
    }

    [Fact]
    public async Task Fold_of_resident_users_allocates_at_most_8_bytes_an_event()
    {
        var (work, _) = await LeastAsync(4000, flushInterval: TimeSpan.FromMinutes(10));
        Assert.True(work <= MaxBytesPerEvent, $"{work:F2} B an event");
    }

    [Fact]
    public void Rows_of_profiles_of_every_kind_are_written_without_allocation()
    {
        var items = new ItemDictionary();
        var (codec, writer) = (new UserRowCodec(items), new RowWriter());
        for (var seed = 0; seed < 40; seed++)
        {
            var user = UserSamples.Make(seed, items);
            var allocated = Allocations.LeastOf(5, () =>
            {
                writer.Truncate(0);
                codec.Encode(user, writer);
            });
            Assert.Equal(0, allocated);
        }
    }

    private async Task<(double Work, double All)> LeastAsync(int batchRecords, TimeSpan flushInterval)
    {
        await using var shard = await SteadyShard.StartAsync(batchRecords, flushInterval);
        var (work, all) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            await shard.RunAsync(EventsOfRound / batchRecords);
            var (ingested, worked, committed) = ((double)shard.Ingested / shard.Events, (double)shard.Worked / shard.Events, (double)shard.Committed / shard.Events);
            output.WriteLine($"batches of {batchRecords}: ingest and decode {ingested:F2}, fold and rows {worked:F2}, commit {committed:F2} B an event; {shard.Store.Rows} rows, {shard.Store.Bytes} bytes");
            (work, all) = (Math.Min(work, worked), Math.Min(all, ingested + worked + committed));
        }

        return (work, all);
    }
}
