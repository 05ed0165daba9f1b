using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Kafka;
using Streaming.Kafka.Topics;

namespace Streaming.Faults.Workload;

/// <summary>Feeds one seeded input at a steady rate while the engine is killed and started again.</summary>
internal sealed class Feeder : IAsyncDisposable
{
    private static readonly TimeSpan Tact = TimeSpan.FromMilliseconds(50);
    private readonly KafkaOptions _kafka;
    private readonly EventMill _mill;
    private readonly KafkaEventWriter _writer;
    private readonly CancellationTokenSource _stop = new();
    private Task _feeding = Task.CompletedTask;
    private int _perSecond;

    public Feeder(string bootstrap, string prefix, int partitions, int seed, int perSecond)
    {
        // Longer than any outage that a case makes: what the feeder wrote is the ground truth.
        _kafka = new KafkaOptions { BootstrapServers = bootstrap, TopicPrefix = prefix, Partitions = partitions, TransactionTimeoutMs = 900_000, MessageTimeoutMs = 900_000 };
        _mill = new EventMill(seed);
        EventsPerSecond = perSecond;
        _writer = new KafkaEventWriter(_kafka, NullLogger<KafkaEventWriter>.Instance);
    }

    /// <summary>Events a second.</summary>
    public int EventsPerSecond { get => Volatile.Read(ref _perSecond); set => Volatile.Write(ref _perSecond, value); }

    /// <summary>Most event time between two events, ms; set before the start.</summary>
    public int MaxStepMs { set => _mill.MaxStepMs = value; }

    /// <summary>Records handed to the broker.</summary>
    public long Fed => _writer.Written;

    /// <summary>Creates the topics and begins.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await new KafkaTopics(_kafka, NullLogger<KafkaTopics>.Instance).EnsureAsync(cancellation);
        Write(EventsPerSecond);
        _feeding = Task.Run(FeedAsync, CancellationToken.None);
    }

    /// <summary>Stops; afterwards everything fed is acknowledged by the broker.</summary>
    public async Task<long> FinishAsync(CancellationToken cancellation)
    {
        await _stop.CancelAsync();
        await _feeding;
        await _writer.FlushAsync(cancellation);
        return Fed;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _writer.DisposeAsync();
        _stop.Dispose();
    }

    private async Task FeedAsync()
    {
        var last = Stopwatch.GetTimestamp();
        var owed = 0.0;
        while (!_stop.IsCancellationRequested)
        {
            var now = Stopwatch.GetTimestamp();
            owed += Stopwatch.GetElapsedTime(last, now).TotalSeconds * EventsPerSecond;
            last = now;
            Write((int)owed);
            owed -= (int)owed;
            await Task.Delay(Tact, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Write(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (key, value) = _mill.Next();
            _writer.Write(_kafka.Topics.Events, _kafka.Partitions, Encoding.UTF8.GetBytes(key), value);
        }
    }
}
