using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Prometheus;
using Streaming.Core;
using Streaming.Host.Metering;
using Streaming.Host.Ports;
using Streaming.Host.Settings;

namespace Streaming.Host.Http;

/// <summary>Serves a running engine over HTTP. It listens where it is told and nowhere else, and never reacts to signals by itself.</summary>
internal sealed class EngineHttpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MeterBridge _bridge;

    private EngineHttpServer(WebApplication app, MeterBridge bridge)
    {
        _app = app;
        _bridge = bridge;
    }

    /// <summary>Where it answers, e.g. <c>http://127.0.0.1:8080</c>.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts the server.</summary>
    /// <param name="options">Address and limits.</param>
    /// <param name="engine">What it serves.</param>
    /// <param name="loggers">The process's logging.</param>
    /// <param name="api">The HTTP interface below /v1; null where it is off.</param>
    /// <param name="more">Further routes.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<EngineHttpServer> StartAsync(HttpOptions options, IEngineView engine, ILoggerFactory loggers, ServedApi? api, Action<IEndpointRouteBuilder>? more, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Listen(IPAddress.Parse(options.Bind), options.Port);
        });
        var app = builder.Build();
        var access = new RemoteAccess(options, servesApi: api is not null);
        var registry = Prometheus.Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        var bridge = new MeterBridge(EngineMeter.Name, registry);
        app.Use(next => context => access.InvokeAsync(context, next));
        app.UseRouting();
        EngineEndpoints.Map(app, engine, registry, options);
        if (api is null) EngineEndpoints.MapNoApi(app);
        else api.Map(app);
        more?.Invoke(app);
        await app.StartAsync(cancellation);
        return new EngineHttpServer(app, bridge);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _bridge.Dispose();
    }

    // Signals are the command's business: it drains the engine first and stops the server last.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
