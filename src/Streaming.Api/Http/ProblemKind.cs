using Microsoft.AspNetCore.Http;

namespace Streaming.Api.Http;

/// <summary>The kinds of error: what <c>type</c> of a problem may be. Extend only.</summary>
/// <param name="Slug">End of the type's name.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">In words.</param>
internal sealed record ProblemKind(string Slug, int Status, string Title)
{
    private const string Urn = "urn:streaming:problem:";

    public static readonly ProblemKind Malformed = new("malformed-body", StatusCodes.Status400BadRequest, "The body is not what its content type says");
    public static readonly ProblemKind InvalidField = new("invalid-field", StatusCodes.Status400BadRequest, "A field, header or parameter is not as it must be");
    public static readonly ProblemKind UnknownParameter = new("unknown-parameter", StatusCodes.Status400BadRequest, "The query string has a parameter that the route does not know");
    public static readonly ProblemKind Unauthenticated = new("unauthenticated", StatusCodes.Status401Unauthorized, "A valid key or token is needed");
    public static readonly ProblemKind Forbidden = new("forbidden", StatusCodes.Status403Forbidden, "The caller may not do this");
    public static readonly ProblemKind SurfaceNotAllowed = new("surface-not-allowed", StatusCodes.Status403Forbidden, "The key is for other surfaces");
    public static readonly ProblemKind NoRoute = new("no-such-route", StatusCodes.Status404NotFound, "There is no such route");
    public static readonly ProblemKind Unknown = new("unknown", StatusCodes.Status404NotFound, "There is no such user, model or record");
    public static readonly ProblemKind MethodNotAllowed = new("method-not-allowed", StatusCodes.Status405MethodNotAllowed, "The route has no such method");
    public static readonly ProblemKind SlowBody = new("slow-body", StatusCodes.Status408RequestTimeout, "The body did not come within its time");
    public static readonly ProblemKind TooLarge = new("too-large", StatusCodes.Status413PayloadTooLarge, "The body is beyond its limit");
    public static readonly ProblemKind MediaType = new("unsupported-media-type", StatusCodes.Status415UnsupportedMediaType, "The content type or encoding is not taken");
    public static readonly ProblemKind NotPossible = new("not-possible", StatusCodes.Status422UnprocessableEntity, "The engine cannot do what a field asks for");
    public static readonly ProblemKind EventsRefused = new("events-refused", StatusCodes.Status422UnprocessableEntity, "No event of the request can be applied");
    public static readonly ProblemKind KeyReused = new("idempotency-key-reused", StatusCodes.Status422UnprocessableEntity, "The Idempotency-Key came before with another body");
    public static readonly ProblemKind RateLimited = new("rate-limited", StatusCodes.Status429TooManyRequests, "Too many requests");
    public static readonly ProblemKind Failed = new("failed", StatusCodes.Status500InternalServerError, "The engine failed on the request; its log says why");
    public static readonly ProblemKind NotServed = new("not-served", StatusCodes.Status501NotImplemented, "This host does not serve the route");
    public static readonly ProblemKind Unavailable = new("unavailable", StatusCodes.Status503ServiceUnavailable, "Not now; ask again");
    public static readonly ProblemKind EventsFailed = new("events-failed", StatusCodes.Status503ServiceUnavailable, "The broker did not say that it has every event; send them again");
    public static readonly ProblemKind TimedOut = new("timed-out", StatusCodes.Status504GatewayTimeout, "No answer within the time limit");

    /// <summary>Every kind, by status.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        Malformed, InvalidField, UnknownParameter, Unauthenticated, Forbidden, SurfaceNotAllowed, NoRoute, Unknown, MethodNotAllowed, SlowBody, TooLarge, MediaType, NotPossible, EventsRefused, KeyReused, RateLimited, Failed,
        NotServed, Unavailable, EventsFailed, TimedOut,
    ];

    /// <summary>Stable name.</summary>
    public string Type => Urn + Slug;
}
