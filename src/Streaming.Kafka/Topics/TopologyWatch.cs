using Microsoft.Extensions.Logging;
using Streaming.Core.Errors;

namespace Streaming.Kafka.Topics;

/// <summary>
/// Looks, while the engine runs and at each take-over, whether the topics are those that it was started with. One that was deleted and made anew may have grown past where a shard stands, and one that got more
/// partitions moves users to shards that do not know them: no read would ever tell.
/// </summary>
internal sealed class TopologyWatch : IDisposable
{
    private readonly KafkaOptions _options;
    private readonly TopologyRecord _record;
    private readonly TopicSpec[] _specs;
    private readonly string[] _names;
    private readonly ILogger _logger;
    private readonly Func<IEnumerable<string>, Task<Dictionary<string, TopologyTopic>>> _describe;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private Task<EngineException?>? _looking;
    private volatile string? _changed;

    /// <param name="options">Settings.</param>
    /// <param name="record">The topics that the engine was started with.</param>
    /// <param name="time">Clock of the looks.</param>
    /// <param name="logger">Log.</param>
    /// <param name="describe">Answers those of some topics that exist; null: the broker is asked, by a client of its own each time.</param>
    public TopologyWatch(KafkaOptions options, TopologyRecord record, TimeProvider time, ILogger logger, Func<IEnumerable<string>, Task<Dictionary<string, TopologyTopic>>>? describe = null)
    {
        (_options, _record, _logger, _describe) = (options, record, logger, describe ?? AskAsync);
        _specs = [.. TopicSpecs.All(options, record.Partitions).Where(spec => spec.IdMatters)];
        _names = [.. _specs.Select(spec => spec.Name)];
        var interval = TimeSpan.FromMilliseconds(options.TopologyCheckMs);
        _timer = time.CreateTimer(_ => _ = LookAsync(), null, interval, interval);
    }

    /// <summary>Throws where the last look found other topics.</summary>
    public void ThrowIfChanged()
    {
        if (_changed is { } change) throw new TopologyMismatchException(change);
    }

    /// <summary>Asks the broker.</summary>
    /// <returns>What stands in the way; null: the topics are the same. Never fails.</returns>
    public Task<EngineException?> LookAsync()
    {
        lock (_lock) return _looking is { IsCompleted: false } under ? under : _looking = Task.Run(LookOnceAsync);
    }

    /// <summary>Ends the looks.</summary>
    public void Dispose() => _timer.Dispose();

    private async Task<EngineException?> LookOnceAsync()
    {
        try
        {
            var found = await _describe(_names).ConfigureAwait(false);
            // A broker that has just started may not know a topic yet; one that is gone shows in every read.
            if (Array.Find(_specs, spec => !found.ContainsKey(spec.Name)) is { } missing) return new BrokerUnavailableException($"topic '{missing.Name}' is unknown to the broker");
            TopologyCheck.Compare(_record, _record with { Topics = [.. _specs.Select(spec => found[spec.Name] with { Role = spec.Role })] }, _specs);
            _changed = null;
            return null;
        }
        catch (TopologyMismatchException error)
        {
            if (_changed is null)
            {
                KafkaLog.TopologyChanged(_logger, error.Message);
                KafkaMetrics.TopologyWarning("changed");
            }

            _changed = error.Message;
            return error;
        }
        catch (EngineException error)
        {
            return error;
        }
#pragma warning disable CA1031 // Not swallowed: who takes over throws it, and a later look asks again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new BrokerUnavailableException($"looking at the topics: {error.Message}", error);
        }
    }

    private async Task<Dictionary<string, TopologyTopic>> AskAsync(IEnumerable<string> names)
    {
        using var admin = new TopicAdmin(_options, message => KafkaLog.Client(_logger, LogLevel.Debug, "admin", message.Facility, message.Message));
        return await admin.DescribeAsync(names).ConfigureAwait(false);
    }
}
