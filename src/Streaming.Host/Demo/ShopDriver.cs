using System.Globalization;
using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Host.Demo.Shop;
using Streaming.Host.Demo.Storefront;
using Streaming.Kafka;

namespace Streaming.Host.Demo;

/// <summary>Lets the generated shop write to Kafka: its catalogue, its past, and its present at a steady rate, in which the events of people in the shop front have their place.</summary>
/// <param name="shop">The shop.</param>
/// <param name="options">Its rate.</param>
/// <param name="people">Events of people in the shop front.</param>
/// <param name="writer">Kafka.</param>
/// <param name="topics">Topic names.</param>
/// <param name="partitions">Partitions of every topic.</param>
/// <param name="board">Told of every event.</param>
/// <param name="time">The clock.</param>
internal sealed class ShopDriver(ShopTraffic shop, ShopOptions options, VisitorQueue people, KafkaEventWriter writer, TopicNames topics, int partitions, DemoBoard board, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private readonly List<VisitorEvent> _unacknowledged = [];
    private long _lastMs;

    /// <summary>Time from which events are of now, ms since 1970.</summary>
    public long LiveFromMs { get; private set; } = long.MaxValue;

    /// <summary>The catalogue, and the request that past events may have outputs, too: an engine in live use alerts only of what happened since its first start.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        foreach (var item in shop.Items()) writer.Write(topics.Catalog, partitions, Encoding.UTF8.GetBytes(item.Key), item.Value);
        var request = JsonSerializer.SerializeToUtf8Bytes(new ControlRequest { RequestId = "demo-past", Type = "historical" }, ContractsJson.Default.ControlRequest);
        for (var p = 0; p < partitions; p++) writer.Write(topics.Control, p, Encoding.UTF8.GetBytes(p.ToString(CultureInfo.InvariantCulture)), request, isTombstone: false);
        await writer.FlushAsync(cancellation);
    }

    /// <summary>The past, once every shard has applied the request, then the present until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var record in shop.Past(NowMs())) Send(record);
            await writer.FlushAsync(cancellation);
            LiveFromMs = NowMs();
            await PresentAsync(cancellation);
        }
        finally
        {
            people.Close();
            foreach (var left in _unacknowledged) left.Cancel();
        }
    }

    private async Task PresentAsync(CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var sent = 0L;
        using var timer = new PeriodicTimer(Tick, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            SendPeople();
            var elapsed = time.GetElapsedTime(started);
            for (; sent < elapsed.TotalSeconds * options.EventsPerSecond; sent++) Send(shop.Next(_lastMs = Math.Max(NowMs(), _lastMs)));
            await writer.FlushAsync(cancellation);
            foreach (var written in _unacknowledged) written.Acknowledge();
            _unacknowledged.Clear();
        }
    }

    // Later than everything written before, so that a list of that time or later has the event in it.
    private void SendPeople()
    {
        while (people.TryTake(out var visitorEvent))
        {
            _unacknowledged.Add(visitorEvent);
            Send(visitorEvent.Write(_lastMs = Math.Max(NowMs(), _lastMs + 1)));
        }
    }

    private void Send(ShopRecord record)
    {
        writer.Write(topics.Events, partitions, Encoding.UTF8.GetBytes(record.Key), record.Value);
        board.Sent(1);
    }

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
