using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Streaming.Api.Auth;
using Streaming.Api.Http;
using Streaming.Api.Routes;

namespace Streaming.Api;

/// <summary>The HTTP interface (docs/http-api.md): mapped onto any ASP.NET Core host, it needs routing and nothing else of it.</summary>
public sealed class StreamingApi : IDisposable
{
    private readonly RateLimits _rates;

    private StreamingApi(RateLimits rates, ApiRoutes routes)
    {
        _rates = rates;
        OpenApi = routes.Document;
    }

    /// <summary>The OpenAPI document of the routes that are mapped, UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> OpenApi { get; }

    /// <summary>Maps /v1 and /openapi/v1.json.</summary>
    /// <param name="endpoints">Where.</param>
    /// <param name="setup">Settings, ports, limits, log and clock.</param>
    /// <returns>To be disposed of once the server has stopped.</returns>
    /// <exception cref="ArgumentException">The set-up is not sound; the message names each error.</exception>
    /// <exception cref="FormatException">The file of keys is not sound.</exception>
    /// <exception cref="IOException">The file of keys cannot be read.</exception>
    public static StreamingApi Map(IEndpointRouteBuilder endpoints, ApiSetup setup)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(setup);
        var errors = string.Join("; ", setup.Validate());
        if (errors.Length > 0) throw new ArgumentException(errors, nameof(setup));
        var logger = setup.Loggers.CreateLogger("Streaming.Api");
        var environment = new ApiEnvironment(setup, logger);
        var auth = new CallerAuth(setup.Options.Auth, setup.IdentityProvider, setup.Time, logger);
        var routes = ApiRouteTable.Build(setup.Ports, environment);
        var rates = new RateLimits(setup.Options.Rates, setup.Options.Limits.MaxInFlight);
        var gate = new ApiGate(environment, auth, rates, new BrowserPolicy(setup.Options.Browser, setup.Loggers), routes);
        foreach (var route in routes.All) endpoints.MapMethods(route.Pattern, [route.Method], context => gate.HandleAsync(context, route));
        // Whatever else lies below them is refused by the same gate: no path tells a stranger more than another.
        foreach (var root in (string[])["/v1/{**rest}", "/openapi/{**rest}"]) endpoints.Map(root, context => gate.HandleAsync(context, null));
        ApiLog.Mapped(logger, routes.All.Count);
        return new StreamingApi(rates, routes);
    }

    /// <inheritdoc/>
    public void Dispose() => _rates.Dispose();
}
