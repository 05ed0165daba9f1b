using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Streaming.Api.Ports;
using Streaming.Api.Wire;

namespace Streaming.Api.Http;

/// <summary>An answer that is written once it is whole.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">UTF-8 JSON, unless it is a problem's.</param>
internal sealed record ApiReply(int Status, ReadOnlyMemory<byte> Body)
{
    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong; null: nothing. Its body is made when the request's id is known.</summary>
    public Problem? Problem { get; private init; }

    /// <summary>The kind of what is wrong.</summary>
    public ProblemKind? Kind { get; private init; }

    /// <summary>When to ask again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Tag of the body where it may be kept by the caller; null: no-store.</summary>
    public string? ETag { get; private init; }

    /// <summary>Code of the reason for the audit log, where it says more than the kind; the answer does not hold it.</summary>
    public string? Reason { get; init; }

    /// <summary>200, or another success.</summary>
    public static ApiReply Json<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) => new(status, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>200 with a tag that follows from the body.</summary>
    public static ApiReply Tagged(ReadOnlyMemory<byte> body) => new(StatusCodes.Status200OK, body) { ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body.Span).AsSpan(0, 16))}\"" };

    /// <summary>An error.</summary>
    public static ApiReply Error(ProblemKind kind, string? detail = null, string? field = null, EventsReply? events = null) => new(kind.Status, default)
    {
        Kind = kind,
        Problem = new Problem { Type = kind.Type, Title = kind.Title, Status = kind.Status, Detail = detail, Field = field, Events = events },
        RetryAfter = kind.Status == StatusCodes.Status503ServiceUnavailable ? DefaultRetry : null,
    };

    /// <summary>What an outcome other than found means.</summary>
    public static ApiReply Of<T>(PortResult<T> result)
        where T : class => result.Outcome switch
        {
            PortOutcome.Unknown => Error(ProblemKind.Unknown, result.Why),
            PortOutcome.Unavailable => Error(ProblemKind.Unavailable, result.Why) is var reply && result.RetryAfter is { } after ? reply with { RetryAfter = after } : Error(ProblemKind.Unavailable, result.Why),
            PortOutcome.TimedOut => Error(ProblemKind.TimedOut, result.Why),
            PortOutcome.Refused => Error(ProblemKind.NotPossible, result.Why, result.Field),
            _ => Error(ProblemKind.Failed),
        };
}
