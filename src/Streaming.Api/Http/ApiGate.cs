using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Streaming.Api.Auth;
using Streaming.Api.Wire;

namespace Streaming.Api.Http;

/// <summary>
/// The way of every request: 1. headers; 2. a browser's question beforehand; 3. the address's rate; 4. how many are at work; 5. who asks; 6. the caller's rate and places; 7. the route and what it
/// needs; 8. the query string; 9. the route's own work; 10. the audit log; 11. the answer. Nothing passes that a step did not let pass, and its places are given back once it is answered.
/// </summary>
internal sealed class ApiGate(ApiEnvironment environment, CallerAuth auth, RateLimits rates, BrowserPolicy browsers, ApiRoutes routes)
{
    private const string NoRoute = "no such route";
    private const int MaxNameLength = 64;
    private static readonly TimeSpan PlaceRetry = TimeSpan.FromSeconds(1);
    private int _inFlight;

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="route">Its route; null: none has its path and method.</param>
    public async Task HandleAsync(HttpContext context, ApiRoute? route)
    {
        var started = environment.Time.GetTimestamp();
        using var visit = new Visit(context, route, Guid.CreateVersion7().ToString("N"), this);
        try
        {
            // 1. Headers 2. Beforehand
            SecurityHeaders.Set(context, visit.RequestId, environment.Options.Browser);
            var reply = browsers.Answer(context) ? new ApiReply(StatusCodes.Status204NoContent, default) : await GuardedAsync(visit).ConfigureAwait(false);

            // 10. Audit log 11. Answer
            await AuditAsync(visit, reply).ConfigureAwait(false);
            await WriteAsync(visit, reply).ConfigureAwait(false);
            ApiMetrics.Answered(visit.What, reply.Status, environment.Time.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer; an act that had begun may have been done.
            if (visit.Call is { HasBegun: true } call) await environment.Audit.EndAsync(call, StatusCodes.Status499ClientClosedRequest, "caller_gone").ConfigureAwait(false);
        }
    }

    private async Task<ApiReply> GuardedAsync(Visit visit)
    {
        try
        {
            return await PassAsync(visit).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode == StatusCodes.Status413PayloadTooLarge ? ApiReply.Error(ProblemKind.TooLarge) : ApiReply.Error(ProblemKind.Malformed, "The body did not come whole.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ApiLog.Failed(environment.Logger, visit.What, visit.RequestId, e);
            return ApiReply.Error(ProblemKind.Failed);
        }
    }

    private async Task<ApiReply> PassAsync(Visit visit)
    {
        var context = visit.Context;

        // 3. The address's rate
        if (rates.OfAddress(context.Connection.RemoteIpAddress) is { } wait) return ApiReply.Error(ProblemKind.RateLimited) with { RetryAfter = wait, Reason = "address_rate" };

        // 4. How many are at work: of the address until it is known who asks, and in all
        visit.Place = rates.PlaceOfAddress(context.Connection.RemoteIpAddress);
        if (!visit.Place.IsAcquired) return ApiReply.Error(ProblemKind.RateLimited) with { RetryAfter = PlaceRetry, Reason = "address_places" };
        if (!visit.TryCount(environment.Options.Limits.MaxInFlight)) return ApiReply.Error(ProblemKind.Unavailable, "Too many requests are at work.") with { Reason = Auditor.Busy };

        // 5. Who asks
        var check = await auth.CheckAsync(context, context.RequestAborted).ConfigureAwait(false);
        visit.Who = check.Caller?.Who ?? check.Who ?? Caller.Nobody;
        if (check.IsUnavailable) return ApiReply.Error(ProblemKind.Unavailable, "The identity provider does not answer.") with { Reason = check.Reason };
        if (check.Caller is not { } caller) return ApiReply.Error(ProblemKind.Unauthenticated) with { Reason = check.Reason };

        // 6. The caller's rate and places
        if (rates.OfCaller(caller.Who) is { } pause) return ApiReply.Error(ProblemKind.RateLimited) with { RetryAfter = pause, Reason = "caller_rate" };
        visit.Place.Dispose();
        visit.Place = rates.PlaceOfCaller(caller.Who);
        if (!visit.Place.IsAcquired) return ApiReply.Error(ProblemKind.RateLimited) with { RetryAfter = PlaceRetry, Reason = "caller_places" };

        // 7. The route and what it needs
        if (visit.Route is not { } route) return ApiReply.Error(routes.MethodsOf(context.Request.Path).Count > 0 ? ProblemKind.MethodNotAllowed : ApiRoutes.IsKnown(context.Request.Path) ? ProblemKind.NotServed : ProblemKind.NoRoute);
        if (route.Scope is { } scope && !caller.Scopes.Contains(scope)) return ApiReply.Error(ProblemKind.Forbidden, $"The route needs {scope}.") with { Reason = "scope:" + scope };

        // 8. The query string
        foreach (var (name, values) in context.Request.Query)
        {
            var known = route.Query.Any(q => q.Name == name);
            if (!known || values.Count != 1) return ApiReply.Error(known ? ProblemKind.InvalidField : ProblemKind.UnknownParameter, known ? "It may be there once." : null, name.Length > MaxNameLength ? name[..MaxNameLength] : name);
        }

        // 9. The route's own work
        visit.Call = new ApiCall(context, route, caller, visit.RequestId, environment, rates);
        return await route.Handler(visit.Call).ConfigureAwait(false);
    }

    private async Task AuditAsync(Visit visit, ApiReply reply)
    {
        var reason = reply.Reason ?? reply.Kind?.Slug;
        if (visit.Call is { HasBegun: true } call) await environment.Audit.EndAsync(call, reply.Status, reason).ConfigureAwait(false);
        else if (reply.Kind is { } kind && kind != ProblemKind.Unknown && (reply.Status < StatusCodes.Status500InternalServerError || reply.Reason is not null))
            await environment.Audit.RefusedAsync(visit.Context, visit.What, visit.Who, visit.RequestId, reply.Status, reason!).ConfigureAwait(false);
    }

    private async Task WriteAsync(Visit visit, ApiReply reply)
    {
        var response = visit.Context.Response;
        response.StatusCode = reply.Status;
        if (reply.RetryAfter is { } after) response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (reply.Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer realm=\"streaming\"";
        if (reply.Kind == ProblemKind.MethodNotAllowed) response.Headers.Allow = string.Join(", ", routes.MethodsOf(visit.Context.Request.Path));
        var body = reply.Body;
        if (reply.Problem is { } problem)
        {
            response.ContentType = "application/problem+json";
            body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(problem with { RequestId = visit.RequestId }, ApiJson.Default.Problem);
        }
        else if (!body.IsEmpty)
        {
            response.ContentType = "application/json";
        }

        if (reply.ETag is { } tag)
        {
            response.Headers.ETag = tag;
            response.Headers.CacheControl = "private, no-cache";
            if (Matches(visit.Context.Request.Headers.IfNoneMatch, tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                response.ContentType = null;
                return;
            }
        }

        if (body.IsEmpty) return;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, visit.Context.RequestAborted).ConfigureAwait(false);
    }

    private static bool Matches(StringValues header, string tag) =>
        header.Count > 0 && EntityTagHeaderValue.TryParseList(header, out var tags) && tags.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Tag.Equals(tag, StringComparison.Ordinal));

    private sealed class Visit(HttpContext context, ApiRoute? route, string requestId, ApiGate gate) : IDisposable
    {
        private bool _isCounted;

        public HttpContext Context { get; } = context;
        public ApiRoute? Route { get; } = route;
        public string RequestId { get; } = requestId;
        public string What { get; } = route?.What ?? NoRoute;
        public string Who { get; set; } = Caller.Nobody;
        public ApiCall? Call { get; set; }
        public RateLimitLease? Place { get; set; }

        public bool TryCount(int most)
        {
            _isCounted = true;
            return Interlocked.Increment(ref gate._inFlight) <= most;
        }

        public void Dispose()
        {
            if (_isCounted) Interlocked.Decrement(ref gate._inFlight);
            Place?.Dispose();
        }
    }
}
