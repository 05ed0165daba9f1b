using Streaming.Core.Errors;
using Streaming.Host.Settings;
using Streaming.Kafka;

namespace Streaming.Host.Engine;

/// <summary>Asks the broker now and then whether it answers, for readiness alone: shards find out by themselves.</summary>
internal sealed class BrokerProbe : IAsyncDisposable
{
    private readonly KafkaOptions _kafka;
    private readonly LifetimeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private KafkaTopicReader? _reader;
    private const string NotAsked = "not asked yet";
    private volatile string? _problem = NotAsked;

    /// <summary>Starts to ask.</summary>
    public BrokerProbe(KafkaOptions kafka, LifetimeOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        (_kafka, _options, _time, _loggers) = (kafka, options, time, loggers);
        _logger = loggers.CreateLogger<BrokerProbe>();
        _run = Task.Run(RunAsync);
    }

    /// <summary>Null where the broker answered last time; else what was wrong.</summary>
    public string? Problem => _problem;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        if (_reader is not null) await _reader.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var problem = await AskAsync();
            if (_stop.IsCancellationRequested) return;
            if (problem is not null && problem != _problem) HostLog.BrokerSilent(_logger, problem);
            if (problem is null && _problem is not null and not NotAsked) HostLog.BrokerAnswers(_logger);
            _problem = problem;
            await Task.Delay(_options.BrokerProbeInterval, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string?> AskAsync()
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limited.CancelAfter(_options.BrokerProbeTimeout);
        try
        {
            // Merchandising: one partition and hardly any record, so that the reader costs next to nothing.
            _reader ??= await KafkaTopicReader.OpenAsync(_kafka, _kafka.Topics.Merchandising, [0], null, _loggers.CreateLogger<KafkaTopicReader>(), limited.Token);
            await _reader.ReadBoundsAsync(0, limited.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"no answer within {_options.BrokerProbeTimeout.TotalSeconds} s";
        }
        catch (EngineException e)
        {
            return e.Message;
        }
    }
}
