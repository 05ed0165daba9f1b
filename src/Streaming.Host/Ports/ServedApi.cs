using Streaming.Api;
using Streaming.Api.Auth;
using Streaming.Api.Ports;
using Streaming.Api.Settings;
using Streaming.Core.Decode;
using Streaming.Core.Shard;
using Streaming.Host.Engine;
using Streaming.Host.Http;
using Streaming.Kafka;

namespace Streaming.Host.Ports;

/// <summary>
/// The HTTP interface of a node (docs/http-api.md): the library over the engine's views and one producer. The engine has no base for re-ranking, export, dead letters and models yet: the library answers those routes 501.
/// </summary>
internal sealed class ServedApi : IAsyncDisposable
{
    private readonly EngineParts _parts;
    private readonly ApiOptions _options;
    private readonly KafkaReceiptWriter _writer;
    private readonly PausePort _pause;
    private readonly ApiPorts _ports;
    private StreamingApi? _api;

    private ServedApi(EngineParts parts, ApiOptions options, IEngineView engine)
    {
        var topics = parts.Kafka.Topics;
        var logger = parts.Loggers.CreateLogger<ServedApi>();
        int Partitions() => engine.Status().Partitions;
        _parts = parts;
        _options = options with { Privacy = options.Privacy with { RetentionHours = parts.Kafka.RetentionHours, OutputRetentionHours = parts.Kafka.OutputRetentionHours } };
        _writer = new KafkaReceiptWriter(parts.Kafka, parts.Loggers.CreateLogger<KafkaReceiptWriter>());
        _pause = new PausePort(parts.Store, _writer, topics, Partitions, parts.Time, logger);
        var events = new EventPort(_writer, topics.Events, Partitions, logger);
        _ports = new ApiPorts
        {
            Audit = new AuditTopic(_writer, topics.Audit, Partitions),
            Recommend = new ListPort(engine, _pause, parts.Settings.Get<ShardOptions>().Surface),
            Profile = new ProfilePort(engine),
            Events = events,
            Erase = new ErasePort(events),
            Pause = _pause,
        };
    }

    /// <summary>Makes it where the settings say that somebody is answered; null where nobody is.</summary>
    public static ServedApi? Create(EngineParts parts, IEngineView engine) =>
        parts.Settings.Get<ApiOptions>() is { Auth.AnswersSomebody: true } options ? new ServedApi(parts, options, engine) : null;

    /// <summary>What is wrong with the settings where the interface is served, beside their own check.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="isDevelopment">Whether the host is in the Development environment.</param>
    public static IEnumerable<string> Errors(ApiOptions options, bool isDevelopment)
    {
        foreach (var error in options.ValidateServed(isDevelopment, givesReceipts: options.Auth.AnswersSomebody)) yield return error;
        var file = options.Auth.KeysFile;
        if (file.Length > 0 && ApiKeyFile.Error(file) is { } wrong) yield return $"{nameof(ApiOptions.Auth)}:{nameof(AuthOptions.KeysFile)} {file}: {wrong}";
    }

    /// <summary>Maps its routes.</summary>
    public void Map(IEndpointRouteBuilder routes) => _api = StreamingApi.Map(routes, new ApiSetup
    {
        Options = _options,
        Ports = _ports,
        Decode = _parts.Settings.Get<DecodeOptions>(),
        DefaultSurface = _parts.Settings.Get<ShardOptions>().Surface,
        Loggers = _parts.Loggers,
        Time = _parts.Time,
        IsDevelopment = _parts.IsDevelopment,
    });

    /// <summary>Closes its producer; the server must have stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        _pause.Dispose();
        await _writer.DisposeAsync();
    }
}
