using System.Diagnostics.Metrics;
using Streaming.Core;
using Streaming.Core.Errors;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Kafka;

namespace Streaming.Host.Engine;

/// <summary>
/// Keeps the node's item index up to date: reads <c>catalog</c> and <c>sessions</c> from where the saved index stood, or their start, to their end, then whatever comes.
/// The index's only writer, and the one that saves it. A broker that goes away is waited for; reading goes on where it stood. A topic made anew empties the index.
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
    private readonly Dictionary<string, ItemPosition> _positions;
    private readonly RecordBatch _batch = new();
    private readonly ItemIndexFile _file;
    private readonly Task _run;
    private long _savedAt;
    private bool _isChanged;

    /// <summary>Starts to read.</summary>
    /// <param name="index">The index; nobody else writes to it.</param>
    /// <param name="positions">Where the saved index stood; null to read from the start.</param>
    /// <param name="file">Where it is saved.</param>
    /// <param name="parts">Kafka, clock and log.</param>
    public ItemIndexFeeder(ItemIndex index, ItemPositions? positions, ItemIndexFile file, EngineParts parts)
    {
        (_index, _file, _parts) = (index, file, parts);
        _positions = positions?.Topics ?? [];
        _savedAt = parts.Time.GetTimestamp();
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
        Save();
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
            if (_caughtUp.Task.IsCompleted && _parts.Time.GetElapsedTime(_savedAt) >= _file.SaveInterval) Save();
            if (_caughtUp.Task.IsCompleted || !catalog.IsPastStart || !sessions.IsPastStart) continue;
            _index.Refresh();
            if (!_caughtUp.TrySetResult()) continue;
            HostLog.ItemIndexRead(_logger, _index.Stats.Items, _index.Stats.Sessions);
            Save(); // what took long to read need not be read again after a crash
        }
    }

    private async Task<bool> StepAsync(TopicFeed feed, TimeSpan wait, Action<RecordBatch> apply, CancellationToken cancellation)
    {
        var partition = await feed.Reader.ReadAsync(_batch, MostRecords, wait, cancellation);
        if (partition < 0 || _batch.Count == 0) return false;
        feed.Partition = partition;
        apply(_batch);
        Records.Add(_batch.Count, new KeyValuePair<string, object?>("topic", feed.Topic));
        _positions[feed.Topic].Next[partition] = _batch.NextOffset;
        _isChanged = true;
        return true;
    }

    private void Save()
    {
        // Half an index would be taken for a whole one that has little to say.
        if (!_isChanged || _file.SaveInterval == TimeSpan.Zero || !_caughtUp.Task.IsCompletedSuccessfully) return;
        _file.Save(_index, new ItemPositions { Topics = _positions });
        _savedAt = _parts.Time.GetTimestamp();
        _isChanged = false;
    }

    private ItemRecords Parser(TopicFeed feed) => new((offset, reason) =>
    {
        RefusedRecords.Add(1, new KeyValuePair<string, object?>("topic", feed.Topic));
        HostLog.ItemRecordRefused(_logger, feed.Topic, feed.Partition, offset, reason);
    });

    private async Task<TopicFeed> OpenAsync(string topic, CancellationToken cancellation)
    {
        var identity = await _parts.FindTopicAsync(topic) ?? throw new BrokerUnavailableException($"topic {topic} does not exist yet");
        if (_positions.TryGetValue(topic, out var known) && known.Id != identity.Id) StartAnew(topic, "it was made anew");
        if (!_positions.TryGetValue(topic, out known)) _positions[topic] = known = new ItemPosition(identity.Id, []);
        var reader = await KafkaTopicReader.OpenAsync(_parts.Kafka, topic, [.. Enumerable.Range(0, identity.Partitions)], known.Next, _parts.Loggers.CreateLogger<KafkaTopicReader>(), cancellation);
        if (!known.Next.Any(p => reader.Bounds.TryGetValue(p.Key, out var bounds) && p.Value > bounds.StableEnd)) return new TopicFeed(topic, reader);
        await reader.DisposeAsync();
        StartAnew(topic, "it ends before the position that the index stood at");
        throw new BrokerUnavailableException($"topic {topic} lost records; the item index is read anew");
    }

    private void StartAnew(string topic, string why)
    {
        HostLog.ItemIndexStartsAnew(_logger, topic, why);
        _index.Clear();
        _positions.Clear();
        _isChanged = true;
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
