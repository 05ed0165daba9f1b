using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Tests.Decode;

namespace Streaming.Core.Tests.Shard;

/// <summary>Each of the forty shapes as first, middle and last record of a batch that goes the whole way of a shard: one dead letter, every other record counts, and the batch costs what one without it costs.</summary>
public sealed class PoisonCostTests(ITestOutputHelper output)
{
    private const int BatchLength = 9, Tries = 10;

    // Generous: what differs is a letter; a second of waiting for its sake would be thousands of times as dear.
    private const int MostTimes = 100;

    [Fact]
    public async Task Poison_in_a_batch_costs_one_dead_letter_and_every_other_record_counts()
    {
        await RunAsync(poison: null, at: 0); // compiled and warm
        var (cases, letters, dearestMs) = (0, 0, 0.0);
        foreach (var number in PoisonShapes.All.GroupBy(s => s.Number).OrderBy(g => g.Key))
        {
            var (clean, cleanMs) = await BestAsync(poison: null, at: 0, mostMs: 0);
            foreach (var at in (int[])[0, BatchLength / 2, BatchLength - 1])
            {
                cases++;
                foreach (var shape in number)
                {
                    var (found, ms) = await BestAsync(shape, at, MostTimes * cleanMs);
                    Assert.True(found.Letters == (shape.Reason == DeadLetterReason.None ? 0 : 1), $"{shape} at {at}: {found.Letters} dead letters");
                    Assert.True(found.Others == BatchLength - 1, $"{shape} at {at}: {found.Others} of {BatchLength - 1} other records count");
                    Assert.True(found.Retries == 0 && found.Batches == clean.Batches, $"{shape} at {at}: {found.Retries} take-overs, {found.Batches} batches instead of {clean.Batches}");
                    Assert.True(found.WaitedMs == clean.WaitedMs, $"{shape} at {at}: {found.WaitedMs} ms of the shard's clock instead of {clean.WaitedMs}");
                    Assert.True(ms <= MostTimes * cleanMs, $"{shape} at {at}: {ms:0.0} ms at best, {ms / cleanMs:0} times a batch without it");
                    letters += found.Letters;
                    dearestMs = Math.Max(dearestMs, ms);
                }
            }
        }

        Assert.Equal(120, cases);
        // What is promised is a second; tests ask of no time in seconds, so it is told, and stands in docs/fault-model.md (cost-poison).
        output.WriteLine(FormattableString.Invariant($"figure whole life of a shard whose batch holds the dearest poison record, ms: {dearestMs:0.0}"));
        output.WriteLine(FormattableString.Invariant($"figure poison records, each in three places of a batch: {PoisonShapes.All.Length}"));
        output.WriteLine($"{cases} of 120 shapes and places; {letters} dead letters; none dearer than {MostTimes} times the whole life of a shard with a batch without it");
    }

    // The best of some tries, or the first that is cheap enough: others use the machine too.
    private static async Task<(Outcome Found, double Ms)> BestAsync(PoisonShape? poison, int at, double mostMs)
    {
        var (found, bestMs) = (default(Outcome), double.MaxValue);
        for (var n = 0; n < Tries && bestMs > mostMs; n++)
        {
            var clock = Stopwatch.StartNew();
            found = await RunAsync(poison, at);
            bestMs = Math.Min(bestMs, clock.Elapsed.TotalMilliseconds);
        }

        return (found, bestMs);
    }

    private static async Task<Outcome> RunAsync(PoisonShape? poison, int at)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var h = new ShardHarness();
        h.Options = h.Options with { MaxBatchRecords = BatchLength };
        for (var i = 0; i < BatchLength; i++)
        {
            if (poison is not null && i == at) h.Kafka.Append("events", 0, Encoding.UTF8.GetBytes(poison.Key), poison.Value);
            else h.Kafka.Append("events", $"w{i}", $$"""{"eventId":"w{{i}}","type":"view","userId":"w{{i}}","itemId":"i1","occurredAt":{{1_767_225_600_000 + i}}}""");
        }

        var start = h.Time.GetUtcNow();
        await using var shard = await h.OpenAsync();
        var retries = await h.RunToEndAsync(shard);
        cancellation.ThrowIfCancellationRequested();
        var others = 0;
        for (var i = 0; i < BatchLength; i++)
        {
            if (await h.StoredAsync(UserKey.User($"w{i}")) is { EventCount: 1 }) others++;
        }

        var letters = h.Kafka.Committed("dead-letters", 0).ToList();
        foreach (var letter in letters)
        {
            using var json = JsonDocument.Parse(letter);
            Assert.Equal(at, json.RootElement.GetProperty("offset").GetInt64());
        }

        return new Outcome(letters.Count, others, retries, h.Kafka.Batches().Count(), (h.Time.GetUtcNow() - start).TotalMilliseconds);
    }

    /// <param name="Letters">Dead letters.</param>
    /// <param name="Others">Other records that count.</param>
    /// <param name="Retries">Take-overs after the first.</param>
    /// <param name="Batches">Batches committed.</param>
    /// <param name="WaitedMs">What passed by the shard's clock.</param>
    private readonly record struct Outcome(int Letters, int Others, int Retries, int Batches, double WaitedMs);
}
