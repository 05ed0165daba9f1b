using System.Globalization;
using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Host.Engine;
using Streaming.Host.Settings;
using Streaming.Kafka;
using Streaming.Pipeline.Shards;

namespace Streaming.Host.Bench;

/// <summary>The whole engine in this process over a real broker, as <c>run</c> starts it, with a shop of drawn items and sessions in its index.</summary>
internal sealed class BenchEngine : IAsyncDisposable
{
    private const int ItemsOfSession = 4;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromMinutes(3);
    private readonly EngineParts _parts;
    private RunningEngine? _engine;

    private BenchEngine(EngineParts parts) => _parts = parts;

    /// <summary>Kafka as the engine reaches it.</summary>
    public KafkaOptions Kafka => _parts.Kafka;

    /// <summary>Partitions of <c>events</c>.</summary>
    public int Partitions => _engine!.Partitions;

    /// <summary>Starts it and waits until every shard runs.</summary>
    public static async Task<BenchEngine> StartAsync(SettingsSnapshot settings, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var engine = new BenchEngine(KafkaParts.Create(settings, loggers));
        try
        {
            engine._engine = await RunningEngine.StartAsync(engine._parts, cancellation);
            await engine.AwaitAsync("every shard to run", e => e.Node.Shards.Shards.Count(s => s.Status?.Phase == ShardPhases.Running) == e.Partitions, cancellation);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a catalogue and closed sessions, drawn by rank, and waits until the item index holds them.</summary>
    public async Task FillAsync(int items, int sessions, ulong seed, CancellationToken cancellation)
    {
        var random = new Random((int)seed);
        var nowMs = _parts.Time.GetUtcNow().ToUnixTimeMilliseconds();
        await using (var writer = new KafkaEventWriter(Kafka, _parts.Loggers.CreateLogger<KafkaEventWriter>()))
        {
            var catalog = await PartitionsAsync(Kafka.Topics.Catalog);
            for (var i = 0; i < items; i++)
            {
                var item = new CatalogItem { ItemId = Id(i), Title = "Item " + i.ToString(CultureInfo.InvariantCulture), Category = $"c{i % 100}/c{i % 1000}", Brand = $"b{i % 500}", Price = 1 + (i % 200), Currency = "EUR" };
                writer.Write(Kafka.Topics.Catalog, catalog, Encoding.UTF8.GetBytes(item.ItemId), JsonSerializer.SerializeToUtf8Bytes(item, ContractsJson.Default.CatalogItem));
            }

            var partitions = await PartitionsAsync(Kafka.Topics.Sessions);
            for (var s = 0; s < sessions; s++)
            {
                cancellation.ThrowIfCancellationRequested();
                var session = Session(s, items, nowMs - ((sessions - s) * 10L), random);
                writer.Write(Kafka.Topics.Sessions, s % partitions, Encoding.UTF8.GetBytes(session.SessionId), JsonSerializer.SerializeToUtf8Bytes(session, ContractsJson.Default.ClosedSession), isTombstone: false);
            }

            await writer.FlushAsync(cancellation);
        }

        var held = Math.Min(sessions, _engine!.Items.Options.MaxSessions);
        await AwaitAsync("the item index to be read", e => e.Items.Stats is var now && now.CatalogItems >= items && now.Sessions >= held, cancellation);
    }

    /// <summary>Waits until every shard has committed all that its topic holds.</summary>
    public Task AwaitEndAsync(CancellationToken cancellation) =>
        AwaitAsync("every shard to reach its end", e => e.Node.Shards.Shards is var shards && shards.Count == e.Partitions && shards.All(s => s.Status?.LagEvents == 0), cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_engine is { } engine) await engine.DisposeAsync();
        await _parts.Store.DisposeAsync();
    }

    /// <summary>An item of the drawn shop.</summary>
    public static string Id(int item) => "i" + item.ToString(CultureInfo.InvariantCulture);

    /// <summary>An item's number, low ones more often: n·x², x uniform.</summary>
    public static int Draw(int items, Random random) => random.NextDouble() is var x ? (int)(items * x * x) : 0;

    private static ClosedSession Session(int number, int items, long atMs, Random random) => new()
    {
        SessionId = "drawn-" + number.ToString(CultureInfo.InvariantCulture),
        UserHash = (ulong)number + 1,
        StartMs = atMs,
        EndMs = atMs + 60_000,
        Actions = [.. Enumerable.Range(0, ItemsOfSession).Select(i => new SessionAction(Id(Draw(items, random)), EventType.View.WireName(), atMs + (i * 10_000)))],
    };

    private async Task<int> PartitionsAsync(string topic) =>
        (await _parts.FindTopicAsync(topic))?.Partitions ?? throw new InvalidOperationException($"there is no topic {topic}");

    private async Task AwaitAsync(string what, Func<RunningEngine, bool> holds, CancellationToken cancellation)
    {
        var began = _parts.Time.GetTimestamp();
        while (!holds(_engine!))
        {
            if (_parts.Time.GetElapsedTime(began) > Patience) throw new TimeoutException($"waited {Patience.TotalMinutes:0} minutes for {what}");
            await Task.Delay(Look, cancellation);
        }
    }
}
