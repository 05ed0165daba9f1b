using Microsoft.AspNetCore.Http;
using Streaming.Api.Auth;
using Streaming.Api.Http;
using Streaming.Api.Ports;
using Streaming.Api.Wire;

namespace Streaming.Api.Routes;

/// <summary>The pause switch.</summary>
internal static class PauseRoutes
{
    private const string Example = """{"isPaused":true,"reason":"prices are wrong","since":1767225600051}""";

    /// <summary>The two routes.</summary>
    public static IEnumerable<ApiRoute> Of(IPausePort port)
    {
        yield return new ApiRoute(HttpMethods.Get, "/v1/pause", ApiScopes.PauseRead, call => ReadAsync(call, port))
        {
            Operation = "getPause",
            Summary = "How the pause switch stands",
            Response = ApiJson.Default.PauseState,
            Success = [(StatusCodes.Status200OK, "The switch")],
            ResponseExample = Example,
            Problems = [ProblemKind.Unknown, ProblemKind.NotPossible, ProblemKind.TimedOut],
        };
        yield return new ApiRoute(HttpMethods.Put, "/v1/pause", ApiScopes.PauseChange, call => SetAsync(call, port))
        {
            Operation = "setPause",
            Summary = "Stops outputs to people while events are still folded, or goes on",
            Request = ApiJson.Default.PauseRequest,
            Response = ApiJson.Default.PauseState,
            Success = [(StatusCodes.Status200OK, "The switch, as it is now")],
            RequestExample = """{"isPaused":true,"reason":"prices are wrong"}""",
            ResponseExample = Example,
            Problems = [ProblemKind.Malformed, ProblemKind.InvalidField, ProblemKind.SlowBody, ProblemKind.TooLarge, ProblemKind.MediaType, ProblemKind.Unknown, ProblemKind.NotPossible, ProblemKind.TimedOut],
            IsPrivileged = true,
        };
    }

    private static async Task<ApiReply> ReadAsync(ApiCall call, IPausePort port) => Answer(await call.AskAsync(call.Environment.Options.Limits.MaxTime, port.ReadAsync).ConfigureAwait(false));

    private static async Task<ApiReply> SetAsync(ApiCall call, IPausePort port)
    {
        var (body, refusal) = await call.ReadAsync(ApiJson.Default.PauseRequest).ConfigureAwait(false);
        if (body is null) return refusal!;
        var checks = call.Checks();
        checks.Need("isPaused", body.IsPaused is not null);
        checks.Need("reason", body.Reason is not null);
        var reason = checks.Text("reason", body.Reason);
        if ((checks.Refusal ?? await call.BeginAsync().ConfigureAwait(false)) is { } wrong) return wrong;
        return Answer(await call.AskAsync(call.Environment.Options.Limits.ActTime, cancellation => port.SetAsync(body.IsPaused!.Value, reason!, cancellation)).ConfigureAwait(false));
    }

    private static ApiReply Answer(PortResult<PauseState> result) => result is { Outcome: PortOutcome.Found, Value: { } state } ? ApiReply.Json(state, ApiJson.Default.PauseState) : ApiReply.Of(result);
}
