using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Faults.Engine;
using Streaming.Kafka;
using Streaming.Kafka.Topics;

namespace Streaming.Faults.Workload;

/// <summary>Feeds one seeded input at a steady rate while the engine is killed and started again.</summary>
internal sealed class Feeder : IAsyncDisposable
{
    /// <summary>By which the broker knows it: a quota of the engine's clients need not be its own.</summary>
    public const string ClientId = "shop";

    private static readonly TimeSpan Tact = TimeSpan.FromMilliseconds(50);
    private readonly KafkaOptions _kafka;
    private readonly EventMill _mill;
    private readonly KafkaEventWriter _writer;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Task _feeding = Task.CompletedTask;
    private volatile bool _pauses;
    private int _perSecond, _requests;
    private long _bytes;

    public Feeder(string bootstrap, string prefix, int partitions, int seed, int perSecond)
    {
        // Longer than any outage that a case makes: what the feeder wrote is the ground truth.
        _kafka = new KafkaOptions { BootstrapServers = bootstrap, TopicPrefix = prefix, Partitions = partitions, TransactionTimeoutMs = 900_000, MessageTimeoutMs = 900_000, ClientProperties = new Dictionary<string, string> { ["client.id"] = ClientId } };
        _mill = new EventMill(seed);
        EventsPerSecond = perSecond;
        _writer = new KafkaEventWriter(_kafka, NullLogger<KafkaEventWriter>.Instance);
    }

    /// <summary>Where and under which names it writes.</summary>
    public KafkaOptions Kafka => _kafka;

    /// <summary>Events a second.</summary>
    public int EventsPerSecond { get => Volatile.Read(ref _perSecond); set => Volatile.Write(ref _perSecond, value); }

    /// <summary>Most event time between two events, ms; set before the start.</summary>
    public int MaxStepMs { set => _mill.MaxStepMs = value; }

    /// <summary>Event time of the next event, ms; set before the start.</summary>
    public Func<long> Clock { set => _mill.Clock = value; }

    /// <summary>How many guests there are.</summary>
    public int Guests { set => _mill.Guests = value; }

    /// <summary>Whether a user or guest takes part; set before the start.</summary>
    public Func<string, bool> TakesPart { set => _mill.TakesPart = value; }

    /// <summary>Bytes of a field in every event that is ignored; set before the start.</summary>
    public int PadBytes { set => _mill.PadBytes = value; }

    /// <summary>Whether that field is noise, so that what is sent is as large as what is fed; set before the start.</summary>
    public bool IsPadNoise { set => _mill.IsPadNoise = value; }

    /// <summary>The records fed that are no events. For after the end of the input.</summary>
    public FedPoison Poison => _mill.Poison;

    /// <summary>Bytes of keys and values of a record on average.</summary>
    public double BytesARecord => Fed == 0 ? 0 : Interlocked.Read(ref _bytes) / (double)Fed;

    /// <summary>Records of events handed to the broker.</summary>
    public long Fed => _writer.Written - _requests;

    /// <summary>Topic that it feeds.</summary>
    public string EventsTopic => _kafka.Topics.Events;

    /// <summary>Creates the topics and begins.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await new KafkaTopics(_kafka, NullLogger<KafkaTopics>.Instance).EnsureAsync(cancellation);
        if (_mill.Clock is null) await DeclareHistoryAsync(cancellation);
        Write(EventsPerSecond);
        _feeding = Task.Run(FeedAsync, CancellationToken.None);
    }

    /// <summary>Feeds nothing until <see cref="Resume"/>; what was fed is acknowledged when this returns.</summary>
    public async Task PauseAsync(CancellationToken cancellation)
    {
        _pauses = true;
        await _gate.WaitAsync(cancellation);
        try
        {
            await _writer.FlushAsync(cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Where each partition of the topic that it feeds ends, as the broker says.</summary>
    public Task<Dictionary<int, long>> EndsAsync(CancellationToken cancellation) => EndsAsync(EventsTopic, cancellation);

    /// <summary>Where each partition of a topic of the engine ends; what an open transaction hides counts too.</summary>
    public async Task<Dictionary<int, long>> EndsAsync(string topic, CancellationToken cancellation) =>
        (await new TopicEnds(_kafka.BootstrapServers, "").ReadAsync(t => t == topic, cancellation)).ToDictionary(e => e.Partition, e => e.End);

    /// <summary>Feeds on.</summary>
    public void Resume() => _pauses = false;

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
        _gate.Dispose();
    }

    // Alerts of purchases from before an engine's first start are withheld unless they are a declared history's, and events of the mill's own time are years old. History has no ticks, so one partition is left without it: there ticks go on, and alerts are withheld.
    private async Task DeclareHistoryAsync(CancellationToken cancellation)
    {
        for (var p = 0; p < Math.Max(1, _kafka.Partitions - 1); p++)
        {
            var request = new ControlRequest { RequestId = string.Create(CultureInfo.InvariantCulture, $"history-{p}"), Type = "historical", TimeMs = 0 };
            _writer.Write(_kafka.Topics.Control, p, Encoding.UTF8.GetBytes(p.ToString(CultureInfo.InvariantCulture)), JsonSerializer.SerializeToUtf8Bytes(request, ContractsJson.Default.ControlRequest), isTombstone: false);
            _requests++;
        }

        await _writer.FlushAsync(cancellation); // no event may overtake it
    }

    private async Task FeedAsync()
    {
        var last = Stopwatch.GetTimestamp();
        for (var due = 0.0; !_stop.IsCancellationRequested; await Task.Delay(Tact, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing))
        {
            var now = Stopwatch.GetTimestamp();
            await _gate.WaitAsync(CancellationToken.None); // one thread at a time may use the writer
            try
            {
                due = _pauses ? 0 : due + (Stopwatch.GetElapsedTime(last, now).TotalSeconds * EventsPerSecond);
                Write((int)due);
                due -= (int)due;
            }
            finally
            {
                _gate.Release();
            }

            last = now;
        }
    }

    private void Write(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (key, value) = _mill.Next();
            _writer.Write(_kafka.Topics.Events, _kafka.Partitions, Encoding.UTF8.GetBytes(key), value);
            Interlocked.Add(ref _bytes, key.Length + value.Length);
        }
    }
}
