using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Streaming.Api.Auth;
using Streaming.Core.Events;

namespace Streaming.Api.Http;

/// <summary>One request that has passed the gate.</summary>
/// <param name="context">The request.</param>
/// <param name="route">Its route.</param>
/// <param name="caller">Who asks.</param>
/// <param name="requestId">Its id.</param>
/// <param name="environment">What all requests share.</param>
/// <param name="rates">Rates.</param>
internal sealed class ApiCall(HttpContext context, ApiRoute route, Caller caller, string requestId, ApiEnvironment environment, RateLimits rates)
{
    private const int MaxJsonDepth = 32;

    /// <summary>The request.</summary>
    public HttpContext Context => context;
    /// <summary>Its route.</summary>
    public ApiRoute Route => route;
    /// <summary>Who asks.</summary>
    public Caller Caller => caller;
    /// <summary>Its id.</summary>
    public string RequestId => requestId;
    /// <summary>What all requests share.</summary>
    public ApiEnvironment Environment => environment;
    /// <summary>Whom it is about, hashed, once that is known; for the audit log.</summary>
    public string? Subject { get; private set; }
    /// <summary>True once the act is in the audit log as begun.</summary>
    public bool HasBegun { get; private set; }
    /// <summary>The caller went away.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Checks of its fields.</summary>
    public FieldChecks Checks() => new(this);

    /// <summary>Counts a request that asks for several things as several.</summary>
    /// <param name="more">How many beyond the one that is counted already.</param>
    /// <returns>Null; or the refusal.</returns>
    public ApiReply? Charge(int more) =>
        more > 0 && rates.OfCaller(caller.Who, more) is { } wait ? ApiReply.Error(ProblemKind.RateLimited) with { RetryAfter = wait, Reason = "caller_rate" } : null;

    /// <summary>Counts the events of a request.</summary>
    /// <returns>Null; or the refusal.</returns>
    public ApiReply? ChargeEvents(int events) => rates.OfEvents(caller.Who, events) is { } wait ? ApiReply.Error(ProblemKind.RateLimited) with { RetryAfter = wait, Reason = "events_rate" } : null;

    /// <summary>Puts a privileged act into the audit log before it is done.</summary>
    /// <param name="user">Whom it is about; null: nobody.</param>
    /// <returns>Null; or the refusal where the log does not take it.</returns>
    public async Task<ApiReply?> BeginAsync(UserKey? user = null)
    {
        if (user is { } person) Subject = environment.HashOf(person);
        HasBegun = await environment.Audit.BeginAsync(this).ConfigureAwait(false);
        return HasBegun ? null : ApiReply.Error(ProblemKind.Unavailable, "The audit log does not take entries; nothing was done.") with { Reason = "audit_unavailable" };
    }

    /// <summary>Reads the JSON body.</summary>
    /// <returns>The body, or the refusal.</returns>
    public async Task<(T? Body, ApiReply? Refusal)> ReadAsync<T>(JsonTypeInfo<T> type)
        where T : class
    {
        if (!BodyReader.IsJson(context.Request)) return (null, ApiReply.Error(ProblemKind.MediaType, "The body must be application/json in UTF-8, not compressed."));
        var (bytes, refusal) = await BodyReader.ReadAsync(this, environment.Options.Limits.MaxBodyBytes).ConfigureAwait(false);
        if (bytes is null) return (null, refusal);
        if (BodyReader.SyntaxError(bytes.Value.Span, MaxJsonDepth) is { } error) return (null, ApiReply.Error(ProblemKind.Malformed, error));
        try
        {
            var body = JsonSerializer.Deserialize(bytes.Value.Span, type);
            return body is null ? (null, ApiReply.Error(ProblemKind.Malformed, "The body must be an object.")) : (body, null);
        }
        catch (JsonException e)
        {
            var field = e.Path is { Length: > 2 and < 128 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
            return (null, ApiReply.Error(ProblemKind.InvalidField, "The field is unknown, there twice, or of another type.", field));
        }
    }
}
