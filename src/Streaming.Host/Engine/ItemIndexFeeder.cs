using System.Diagnostics.Metrics;
using Streaming.Core;
using Streaming.Core.Errors;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Kafka;

namespace Streaming.Host.Engine;

/// <summary>
/// Keeps the node's item index up to date: reads <c>catalog</c> and <c>sessions</c> from their start to their end, then whatever comes. The index's only writer.
/// A broker that goes away is waited for; reading goes on where it stood.
/// </summary>
internal sealed class ItemIndexFeeder : IAsyncDisposable
{
    private const int MostRecords = 2000;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly Counter<long> Records = EngineMeter.Meter.CreateCounter<long>("streaming_item_records_total", null, "Records read into the item index, by topic.");
    private static readonly Counter<long> RefusedRecords = EngineMeter.Meter.CreateCounter<long>("streaming_item_records_refused_total", null, "Records of the item topics that could not be read, by topic.");

    private readonly ItemIndex _index;
    private readonly EngineParts _parts;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, Dictionary<int, long>> _positions = [];
    private readonly RecordBatch _batch = new();
    private readonly Task _run;

    /// <summary>Starts to read.</summary>
    /// <param name="index">The index; nobody else writes to it.</param>
    /// <param name="parts">Kafka, clock and log.</param>
    public ItemIndexFeeder(ItemIndex index, EngineParts parts)
    {
        (_index, _parts) = (index, parts);
        _logger = parts.Loggers.CreateLogger<ItemIndexFeeder>();
        _run = Task.Run(RunAsync);
    }

    /// <summary>Ends when everything that was there at the start has been read; faults where reading ended for good.</summary>
    public Task CaughtUp => _caughtUp.Task;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (EngineException e) when (e.Action == ErrorAction.Retry)
            {
                HostLog.ItemTopicsInterrupted(_logger, e.Message);
                await Task.Delay(Pause, _parts.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (EngineException e)
            {
                // Shards go on with what is known; readiness tells a person.
                HostLog.ItemTopicsInterrupted(_logger, e.Message);
                _caughtUp.TrySetException(e);
                return;
            }
        }

        _caughtUp.TrySetCanceled();
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await using var catalog = await OpenAsync(_parts.Kafka.Topics.Catalog, cancellation);
        await using var sessions = await OpenAsync(_parts.Kafka.Topics.Sessions, cancellation);
        while (true)
        {
            var busy = await StepAsync(catalog, TimeSpan.Zero, b => _index.Apply(Parser(catalog).Catalog(b)), cancellation);
            busy |= await StepAsync(sessions, busy ? TimeSpan.Zero : Wait, b => _index.Apply(Parser(sessions).Sessions(b)), cancellation);
            if (_caughtUp.Task.IsCompleted || !catalog.IsPastStart || !sessions.IsPastStart) continue;
            _index.Refresh();
            if (_caughtUp.TrySetResult()) HostLog.ItemIndexRead(_logger, _index.Stats.Items, _index.Stats.Sessions);
        }
    }

    private async Task<bool> StepAsync(TopicFeed feed, TimeSpan wait, Action<RecordBatch> apply, CancellationToken cancellation)
    {
        var partition = await feed.Reader.ReadAsync(_batch, MostRecords, wait, cancellation);
        if (partition < 0 || _batch.Count == 0) return false;
        feed.Partition = partition;
        apply(_batch);
        Records.Add(_batch.Count, new KeyValuePair<string, object?>("topic", feed.Topic));
        _positions[feed.Topic][partition] = _batch.NextOffset;
        return true;
    }

    private ItemRecords Parser(TopicFeed feed) => new((offset, reason) =>
    {
        RefusedRecords.Add(1, new KeyValuePair<string, object?>("topic", feed.Topic));
        HostLog.ItemRecordRefused(_logger, feed.Topic, feed.Partition, offset, reason);
    });

    private async Task<TopicFeed> OpenAsync(string topic, CancellationToken cancellation)
    {
        var partitions = await _parts.PartitionsOfAsync(topic)
            ?? throw new BrokerUnavailableException($"topic {topic} does not exist yet");
        if (!_positions.TryGetValue(topic, out var from)) _positions[topic] = from = [];
        var reader = await KafkaTopicReader.OpenAsync(_parts.Kafka, topic, [.. Enumerable.Range(0, partitions)], from, _parts.Loggers.CreateLogger<KafkaTopicReader>(), cancellation);
        return new TopicFeed(topic, reader);
    }

    private sealed class TopicFeed(string topic, KafkaTopicReader reader) : IAsyncDisposable
    {
        public string Topic => topic;

        public KafkaTopicReader Reader => reader;

        public int Partition { get; set; }

        public bool IsPastStart => reader.Bounds.All(b => reader.Position(b.Key) >= b.Value.StableEnd);

        public ValueTask DisposeAsync() => reader.DisposeAsync();
    }
}
