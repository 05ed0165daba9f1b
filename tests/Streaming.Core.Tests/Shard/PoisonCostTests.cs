using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Tests.Decode;

namespace Streaming.Core.Tests.Shard;

/// <summary>Each of the forty shapes as first, middle and last record of a batch that goes the whole way of a shard: one dead letter, and every other record counts.</summary>
public sealed class PoisonCostTests(ITestOutputHelper output)
{
    private const int BatchLength = 9;

    [Fact]
    public async Task Poison_in_a_batch_costs_one_dead_letter_and_every_other_record_counts()
    {
        await RunAsync(poison: null, at: 0); // compiled and warm
        var (cases, letters, dearest, dearestMs) = (0, 0, "", 0.0);
        foreach (var number in PoisonShapes.All.GroupBy(s => s.Number).OrderBy(g => g.Key))
        {
            foreach (var at in (int[])[0, BatchLength / 2, BatchLength - 1])
            {
                cases++;
                foreach (var shape in number)
                {
                    var clock = Stopwatch.StartNew();
                    var found = await RunAsync(shape, at);
                    var ms = clock.Elapsed.TotalMilliseconds;
                    Assert.True(found.Letters == (shape.Reason == DeadLetterReason.None ? 0 : 1), $"{shape} at {at}: {found.Letters} dead letters");
                    Assert.True(found.Others == BatchLength - 1, $"{shape} at {at}: {found.Others} of {BatchLength - 1} other records count");
                    letters += found.Letters;
                    if (ms > dearestMs) (dearest, dearestMs) = ($"{shape} at place {at}", ms);
                }
            }
        }

        Assert.Equal(120, cases);
        output.WriteLine($"{cases} of 120 shapes and places; {letters} dead letters; dearest: {dearest}, {dearestMs:0.0} ms for a whole life of a shard with its batch");
    }

    private static async Task<(int Letters, int Others)> RunAsync(PoisonShape? poison, int at)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var h = new ShardHarness();
        h.Options = h.Options with { MaxBatchRecords = BatchLength };
        for (var i = 0; i < BatchLength; i++)
        {
            if (poison is not null && i == at) h.Kafka.Append("events", 0, Encoding.UTF8.GetBytes(poison.Key), poison.Value);
            else h.Kafka.Append("events", $"w{i}", $$"""{"eventId":"w{{i}}","type":"view","userId":"w{{i}}","itemId":"i1","occurredAt":{{1_767_225_600_000 + i}}}""");
        }

        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
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

        return (letters.Count, others);
    }
}
