using Streaming.Api.Settings;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Host.Http;
using Streaming.Host.Ports;
using Streaming.Host.Settings;
using Streaming.Pipeline.Membership;

namespace Streaming.Host.Engine;

/// <summary>
/// A node of the engine with its HTTP server. HTTP answers first and says "not ready" while the engine waits for its broker or store; a start is tried again
/// until it succeeds, a person must act, or the process is asked to end.
/// </summary>
internal sealed class EngineHost : IEngineView, IAsyncDisposable
{
    private readonly EngineParts _parts;
    private readonly ILogger _logger;
    private readonly long _startedMs;
    private EngineHttpServer? _http;
    private ServedApi? _api;
    private volatile RunningEngine? _engine;
    private volatile string _waitsFor = "starting";

    /// <summary>Prepares.</summary>
    public EngineHost(EngineParts parts)
    {
        _parts = parts;
        _logger = parts.Loggers.CreateLogger<EngineHost>();
        _startedMs = parts.Time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>Where HTTP answers.</summary>
    public Uri Address => _http!.Address;

    /// <summary>Ends when the node ended although nobody asked.</summary>
    public Task<NodeEnd> WhenEnded => _engine!.Node.WhenTerminated;

    /// <summary>Starts HTTP, then the engine.</summary>
    /// <param name="more">Further HTTP routes.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <exception cref="EngineException">A person must act.</exception>
    public async Task StartAsync(Action<IEndpointRouteBuilder>? more, CancellationToken cancellation)
    {
        _api = ServedApi.Create(_parts, this);
        if (_api is null) HostLog.ApiIsOff(_logger);
        _http = await EngineHttpServer.StartAsync(_parts.Settings.Get<HttpOptions>(), this, _parts.Loggers, _api, more, cancellation);
        HostLog.HttpAnswers(_logger, _http.Address);
        HostLog.Starts(_logger, _parts.Kafka.BootstrapServers, _parts.Store.Description);
        var retry = _parts.Settings.Get<LifetimeOptions>().StartRetry;
        for (var pause = retry; _engine is null; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, retry.Ticks * 10)))
        {
            try
            {
                _engine = await RunningEngine.StartAsync(_parts, cancellation);
            }
            catch (EngineException e) when (e.Action == ErrorAction.Retry)
            {
                _waitsFor = e.Message;
                HostLog.StartRetried(_logger, pause.TotalSeconds, e.Message);
                await Task.Delay(pause, _parts.Time, cancellation);
            }
        }

        HostLog.Runs(_logger, _engine.Partitions, _engine.Node.Address);
    }

    /// <summary>Hands the shards off and closes everything.</summary>
    /// <returns>False where it took longer than the settings allow.</returns>
    public async Task<bool> DrainAsync()
    {
        var limit = _parts.Settings.Get<LifetimeOptions>().DrainTimeout;
        var started = _parts.Time.GetTimestamp();
        HostLog.DrainBegins(_logger);
        try
        {
            await DisposeAsync().AsTask().WaitAsync(limit, _parts.Time);
            HostLog.Drained(_logger, _parts.Time.GetElapsedTime(started).TotalSeconds);
            return true;
        }
        catch (TimeoutException)
        {
            HostLog.DrainTooLong(_logger, limit.TotalSeconds);
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // HTTP goes last: while the shards hand off, /health/ready says so.
        if (_engine is { } engine) await engine.DisposeAsync();
        if (_http is { } http) await http.DisposeAsync();
        if (_api is { } api) await api.DisposeAsync();
        await _parts.Store.DisposeAsync();
    }

    /// <inheritdoc/>
    public EngineStatus Status() => new()
    {
        Version = typeof(EngineHost).Assembly.GetName().Version!.ToString(3),
        StartedAtMs = _startedMs,
        Partitions = _engine?.Partitions ?? 0,
        Shards = _engine is { } e ? [.. e.Node.Shards.Shards.Select(EngineViews.Line)] : [],
        Members = _engine is { } m ? [.. m.Node.Members.Select(EngineViews.Line)] : [],
        Items = EngineViews.Items(_engine),
        Model = _engine?.Scoring?.Scorer.ModelVersion,
        Store = _parts.Store.Description,
        Api = _api is null ? null : new ApiLine("/v1", "/openapi/v1.json", !_parts.Settings.Get<ApiOptions>().Auth.AllowLoopbackWithoutKey),
    };

    /// <inheritdoc/>
    public IReadOnlyList<ReadinessCheck> Readiness() => _engine is { } engine ? EngineViews.Readiness(engine) : [new ReadinessCheck("engine", false, Redaction.Text(_waitsFor))];

    /// <inheritdoc/>
    public async Task<UserLookup> FindUserAsync(UserKey user, CancellationToken cancellation)
    {
        if (_engine is not { } engine) return new UserLookup(UserLookupOutcome.Unavailable, default);
        var answer = await engine.Node.GetUserAsync(user, cancellation);
        return new UserLookup(EngineViews.Outcome(answer.Result), answer.Json);
    }

    /// <inheritdoc/>
    public async Task<UserLookup> RecommendAsync(UserKey user, int length, CancellationToken cancellation)
    {
        if (_engine is not { } engine) return new UserLookup(UserLookupOutcome.Unavailable, default);
        var answer = await engine.Node.RecommendAsync(user, length, cancellation);
        return new UserLookup(EngineViews.Outcome(answer.Result), answer.Json);
    }
}
