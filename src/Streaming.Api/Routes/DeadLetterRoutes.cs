using System.Globalization;
using Microsoft.AspNetCore.Http;
using Streaming.Api.Auth;
using Streaming.Api.Http;
using Streaming.Api.Ports;
using Streaming.Api.Settings;
using Streaming.Api.Wire;
using Streaming.Contracts;

namespace Streaming.Api.Routes;

/// <summary>Dead letters: looked at, and sent through once more.</summary>
internal static class DeadLetterRoutes
{
    /// <summary>The two routes.</summary>
    public static IEnumerable<ApiRoute> Of(IDeadLetterPort port, LimitOptions limits)
    {
        yield return new ApiRoute(HttpMethods.Get, "/v1/dead-letters", ApiScopes.DeadLettersRead, call => BrowseAsync(call, port))
        {
            Operation = "browseDeadLetters",
            Summary = "Events that could not be applied, newest first",
            Description = "With their contents, as they came: personal data.",
            Response = ApiJson.Default.DeadLetterPage,
            Success = [(StatusCodes.Status200OK, "A page")],
            ResponseExample = """{"deadLetters":[{"deadLetterId":"events-3-5119","topic":"events","partition":3,"offset":5119,"timestampMs":1767225600051,"reason":"missing_user","key":"dTQ3MTE=","value":"e30=","valueBytes":2,"schemaVersion":1}],"nextPageToken":"events-3-5119"}""",
            Query = [new QueryParameter("reason", "One reason of docs/dead-letters.md"), new QueryParameter("limit", "Most letters", "integer", limits.MaxDeadLetters), new QueryParameter("pageToken", "nextPageToken of the page before")],
            Problems = [ProblemKind.InvalidField, ProblemKind.Unknown, ProblemKind.NotPossible, ProblemKind.TimedOut],
            IsPrivileged = true,
        };
        yield return new ApiRoute(HttpMethods.Post, "/v1/dead-letters/redrive", ApiScopes.DeadLettersRedrive, call => RedriveAsync(call, port))
        {
            Operation = "redriveDeadLetters",
            Summary = "Sends dead letters through once more, as they came",
            Request = ApiJson.Default.RedriveRequest,
            Response = ApiJson.Default.RedriveReply,
            Success = [(StatusCodes.Status200OK, "What became of each")],
            RequestExample = """{"deadLetterIds":["events-3-5119"]}""",
            ResponseExample = """{"results":[{"deadLetterId":"events-3-5119","isWritten":true}]}""",
            Problems = [ProblemKind.Malformed, ProblemKind.InvalidField, ProblemKind.SlowBody, ProblemKind.TooLarge, ProblemKind.MediaType, ProblemKind.Unknown, ProblemKind.NotPossible, ProblemKind.TimedOut],
            IsPrivileged = true,
        };
    }

    private static async Task<ApiReply> BrowseAsync(ApiCall call, IDeadLetterPort port)
    {
        var query = call.Context.Request.Query;
        var limits = call.Environment.Options.Limits;
        var checks = call.Checks();
        string? reason = query["reason"], limit = query["limit"];
        if (reason is not null && DeadLetterReasons.Parse(reason) == DeadLetterReason.None) checks.Refuse("reason", "It must be one of docs/dead-letters.md.");
        var number = int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        var most = checks.Number("limit", limit is null ? null : number, limits.MaxDeadLetters, 1, limits.MaxDeadLetters);
        var token = checks.Token("pageToken", query["pageToken"]);
        if ((checks.Refusal ?? await call.BeginAsync().ConfigureAwait(false)) is { } wrong) return wrong;
        var result = await call.AskAsync(limits.ActTime, cancellation => port.BrowseAsync(reason, most, token, cancellation)).ConfigureAwait(false);
        return result is { Outcome: PortOutcome.Found, Value: { } page } ? ApiReply.Json(page, ApiJson.Default.DeadLetterPage) : ApiReply.Of(result);
    }

    private static async Task<ApiReply> RedriveAsync(ApiCall call, IDeadLetterPort port)
    {
        var (body, refusal) = await call.ReadAsync(ApiJson.Default.RedriveRequest).ConfigureAwait(false);
        if (body is null) return refusal!;
        var limits = call.Environment.Options.Limits;
        var checks = call.Checks();
        if (body.DeadLetterIds is not { Count: > 0 } ids || ids.Count > limits.MaxDeadLetters) return ApiReply.Error(ProblemKind.InvalidField, $"There must be 1 to {limits.MaxDeadLetters}.", "deadLetterIds");
        for (var i = 0; i < ids.Count; i++)
        {
            checks.Need($"deadLetterIds[{i}]", ids[i] is not null);
            checks.Token($"deadLetterIds[{i}]", ids[i]);
        }

        if ((checks.Refusal ?? await call.BeginAsync().ConfigureAwait(false)) is { } wrong) return wrong;
        string[] named = [.. ids.OfType<string>()];
        var result = await call.AskAsync(limits.ActTime, cancellation => port.RedriveAsync(named, cancellation)).ConfigureAwait(false);
        return result is { Outcome: PortOutcome.Found, Value: { } reply } ? ApiReply.Json(reply, ApiJson.Default.RedriveReply) : ApiReply.Of(result);
    }
}
