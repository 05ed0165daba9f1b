using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Host.Demo.Shop;
using Streaming.Kafka;
using Streaming.Kafka.Topics;

namespace Streaming.Host.Bench;

/// <summary>
/// Processor time an event by number of nodes, each number a cluster of its own: 1 topics and the shop's catalogue are written, 2 the nodes start and share the partitions, 3 a warm-up, 4 idle, 5 the events,
/// until all are folded, committed and durable. The same events of the same shop for each number; broker and writer are other processes and not counted.
/// </summary>
public sealed class NodesBench(NodesBenchOptions options)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>Told of each number of nodes once it is measured.</summary>
    public Action<NodesFigures>? Measured { get; init; }

    /// <summary>Runs it.</summary>
    /// <exception cref="IOException">A node ended; its last lines are in the message.</exception>
    public async Task<NodesBenchResult> RunAsync(CancellationToken cancellation)
    {
        var figures = new List<NodesFigures>();
        foreach (var nodes in options.Nodes)
        {
            var measured = await MeasureAsync(nodes, cancellation);
            figures.Add(measured with { Ratio = figures.Count == 0 ? 1 : measured.CpuMicrosecondsPerEvent / figures[0].CpuMicrosecondsPerEvent });
            Measured?.Invoke(figures[^1]);
        }

        return new NodesBenchResult(options.Events, figures);
    }

    private async Task<NodesFigures> MeasureAsync(int nodes, CancellationToken cancellation)
    {
        await using var topics = new BenchTopics(options.Kafka, options.Partitions);
        using var store = new TemporaryFolder("streaming-bench-nodes-");
        await topics.CreateAsync(cancellation);
        await using var writer = new KafkaEventWriter(topics.Kafka, NullLogger<KafkaEventWriter>.Instance);
        var shop = new ShopTraffic(new ShopOptions { Seed = options.Seed, Customers = options.Customers, OpenVisits = Math.Max(1, options.Customers / 5), BrokenShare = 0 });
        await WriteItemsAsync(writer, topics, shop, cancellation); // 1
        using var group = new NodeGroup(options, nodes, topics, store.Path);
        await group.SettleAsync(cancellation); // 2
        var start = group.ProcessorSeconds;
        await WriteEventsAsync(writer, topics, shop, options.WarmUp, cancellation); // 3
        await group.FoldedAsync(options.WarmUp, cancellation);
        var (atRest, restBegan) = (group.ProcessorSeconds, Stopwatch.GetTimestamp());
        await Task.Delay(IdleTime, cancellation); // 4
        var idle = (group.ProcessorSeconds - atRest) / Stopwatch.GetElapsedTime(restBegan).TotalSeconds;
        var (before, began) = (group.ProcessorSeconds, Stopwatch.GetTimestamp());
        await WriteEventsAsync(writer, topics, shop, options.Events, cancellation); // 5
        await group.FoldedAsync(options.WarmUp + (long)options.Events, cancellation);
        var processor = group.ProcessorSeconds - before;
        return new NodesFigures(nodes, processor * 1e6 / options.Events, 1, start, idle, Stopwatch.GetElapsedTime(began).TotalSeconds, group.MostShards);
    }

    private static async Task WriteItemsAsync(KafkaEventWriter writer, BenchTopics topics, ShopTraffic shop, CancellationToken cancellation)
    {
        var names = topics.Kafka.Topics;
        var partitions = await new KafkaTopics(topics.Kafka, NullLogger<KafkaTopics>.Instance).PartitionsAsync(names.Catalog) ?? throw new IOException($"there is no topic {names.Catalog}");
        foreach (var item in shop.Items()) writer.Write(names.Catalog, partitions, Encoding.UTF8.GetBytes(item.Key), item.Value);
        await writer.FlushAsync(cancellation);
    }

    private async Task WriteEventsAsync(KafkaEventWriter writer, BenchTopics topics, ShopTraffic shop, int count, CancellationToken cancellation)
    {
        var (began, written) = (Stopwatch.GetTimestamp(), 0);
        while (written < count)
        {
            var due = options.Rate == 0 ? count : Math.Min(count, Stopwatch.GetElapsedTime(began).TotalSeconds * options.Rate);
            for (; written < due; written++)
            {
                var record = shop.Next(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
                writer.Write(topics.Kafka.Topics.Events, options.Partitions, Encoding.UTF8.GetBytes(record.Key), record.Value);
            }

            await writer.FlushAsync(cancellation);
            if (written < count) await Task.Delay(Tick, cancellation);
        }
    }
}
