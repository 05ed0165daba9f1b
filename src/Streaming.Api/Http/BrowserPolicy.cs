using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Streaming.Api.Settings;

namespace Streaming.Api.Http;

/// <summary>Tells browsers which origins' pages may read answers (CORS), by ASP.NET Core's own service. Closed where no origin is named.</summary>
internal sealed class BrowserPolicy
{
    private readonly CorsPolicy? _policy;
    private readonly CorsService _service;

    /// <summary>As the options say.</summary>
    public BrowserPolicy(BrowserOptions options, ILoggerFactory loggers)
    {
        _service = new CorsService(Options.Create(new CorsOptions()), loggers);
        if (options.AllowedOrigins.Count == 0) return;
        _policy = new CorsPolicyBuilder([.. options.AllowedOrigins])
            .WithMethods("GET", "POST", "PUT")
            .WithHeaders("Authorization", "Content-Type", EventsHeader, "If-None-Match")
            .WithExposedHeaders("ETag", "Retry-After", "X-Request-Id")
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))
            .Build();
    }

    private const string EventsHeader = "Idempotency-Key";

    /// <summary>Sets the headers of an origin that may ask.</summary>
    /// <returns>True where the request is a browser's question beforehand, and answered with that.</returns>
    public bool Answer(HttpContext context)
    {
        if (_policy is null || context.Request.Headers.Origin.Count == 0) return false;
        var result = _service.EvaluatePolicy(context, _policy);
        _service.ApplyResult(result, context.Response);
        return result.IsPreflightRequest;
    }
}
