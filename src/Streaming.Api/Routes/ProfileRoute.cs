using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Streaming.Api.Auth;
using Streaming.Api.Http;
using Streaming.Api.Ports;
using Streaming.Api.Wire;

namespace Streaming.Api.Routes;

/// <summary>What the engine knows of a person.</summary>
internal static class ProfileRoute
{
    /// <summary>The route.</summary>
    public static ApiRoute Of(IProfilePort port) => new(HttpMethods.Post, "/v1/profiles/query", ApiScopes.ProfilesRead, call => AskAsync(call, port))
    {
        Operation = "getProfile",
        Summary = "Profile, risk and segment of a user or guest",
        Description = "As streaming inspect user shows it. A profile that cannot be read whole is 503, never a part of it.",
        Request = ApiJson.Default.PersonQuery,
        Success = [(StatusCodes.Status200OK, "The profile")],
        ResponseExample = """{"userId":"u4711","counters":{"views":12,"purchases":2},"consent":{"personalise":true},"risk":0.31,"segment":"loyal"}""",
        RequestExample = """{"userId":"u4711"}""",
        Problems = [ProblemKind.Malformed, ProblemKind.InvalidField, ProblemKind.Unknown, ProblemKind.SlowBody, ProblemKind.TooLarge, ProblemKind.MediaType, ProblemKind.NotPossible, ProblemKind.TimedOut],
        IsPrivileged = true,
    };

    private static async Task<ApiReply> AskAsync(ApiCall call, IProfilePort port)
    {
        var (query, refusal) = await call.ReadAsync(ApiJson.Default.PersonQuery).ConfigureAwait(false);
        if (query is null) return refusal!;
        var checks = call.Checks();
        var user = checks.Person(query.UserId, query.AnonymousId);
        if ((checks.Refusal ?? await call.BeginAsync(user).ConfigureAwait(false)) is { } wrong) return wrong;
        var result = await call.AskAsync(call.Environment.Options.Limits.MaxTime, cancellation => port.FindAsync(user, cancellation)).ConfigureAwait(false);
        if (result is not { Outcome: PortOutcome.Found, Value: { } json }) return ApiReply.Of(result);
        return IsDegraded(json) ? ApiReply.Error(ProblemKind.Unavailable, "The profile cannot be read whole now.") : new ApiReply(StatusCodes.Status200OK, json);
    }

    /// <summary>True where the object says so of itself; false, too, where it does not speak of it.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static bool IsDegraded(ReadOnlySpan<byte> profile)
    {
        var reader = new Utf8JsonReader(profile);
        var degraded = false;
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("degraded"u8)) continue;
            reader.Read();
            degraded |= reader.TokenType == JsonTokenType.True;
        }

        return degraded;
    }
}
