using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Streaming.Api.Auth;
using Streaming.Api.Http;
using Streaming.Api.Ports;
using Streaming.Api.Privacy;
using Streaming.Api.Wire;
using Streaming.Core.Events;

namespace Streaming.Api.Routes;

/// <summary>What a person may ask for: to be forgotten, and to be told. Both leave a receipt.</summary>
internal static class PrivacyRoutes
{
    /// <summary>POST /v1/privacy/erasures.</summary>
    public static ApiRoute Erase(IErasePort port) => new(HttpMethods.Post, "/v1/privacy/erasures", ApiScopes.PrivacyErase, call => EraseAsync(call, port))
    {
        Operation = "erase",
        Summary = "Erases a person",
        Description = "Answered once the broker has the erase event; places says when each place is empty of the person (docs/privacy.md). Keep the receipt. Asking again does no harm.",
        Request = ApiJson.Default.PersonQuery,
        Response = ApiJson.Default.ErasureReceipt,
        Success = [(StatusCodes.Status202Accepted, "The receipt")],
        RequestExample = """{"userId":"u4711"}""",
        ResponseExample = """{"requestId":"019b7a3c5e8a7b1c9d2e4f5061728394","subject":"5d3c1f0e9a8b7c6d5e4f3a2b1c0d9e8f","acceptedAt":1767225600051,"partition":3,"offset":5119,"places":[{"place":"store","when":"next flush after that batch"}]}""",
        Problems = [ProblemKind.Malformed, ProblemKind.InvalidField, ProblemKind.Unknown, ProblemKind.SlowBody, ProblemKind.TooLarge, ProblemKind.MediaType, ProblemKind.NotPossible, ProblemKind.TimedOut],
        IsPrivileged = true,
    };

    /// <summary>POST /v1/privacy/exports.</summary>
    public static ApiRoute Export(IExportPort port) => new(HttpMethods.Post, "/v1/privacy/exports", ApiScopes.PrivacyExport, call => ExportAsync(call, port))
    {
        Operation = "export",
        Summary = "Everything that the engine keeps of a person",
        Description = "Waits for an answer as of one position of the log; answers all of it or an error, never a part.",
        Request = ApiJson.Default.PersonQuery,
        Response = ApiJson.Default.ExportReply,
        Success = [(StatusCodes.Status200OK, "The data, whole")],
        RequestExample = """{"userId":"u4711"}""",
        ResponseExample = """{"requestId":"019b7a3c5e8a7b1c9d2e4f5061728394","subject":"5d3c1f0e9a8b7c6d5e4f3a2b1c0d9e8f","madeAt":1767225600051,"places":[{"place":"topics","when":"retention","dueAt":1775001600051}],"data":{"userId":"u4711"}}""",
        Problems = [ProblemKind.Malformed, ProblemKind.InvalidField, ProblemKind.Unknown, ProblemKind.SlowBody, ProblemKind.TooLarge, ProblemKind.MediaType, ProblemKind.NotPossible, ProblemKind.TimedOut],
        IsPrivileged = true,
    };

    private static async Task<ApiReply> EraseAsync(ApiCall call, IErasePort port)
    {
        var (user, refusal) = await PersonAsync(call).ConfigureAwait(false);
        if (refusal is not null) return refusal;
        var atMs = call.Environment.NowMs;
        var result = await call.AskAsync(call.Environment.Options.Limits.ActTime, cancellation => port.EraseAsync(user, call.RequestId, atMs, cancellation)).ConfigureAwait(false);
        if (result is not { Outcome: PortOutcome.Found, Value: { } position }) return ApiReply.Of(result);
        return ApiReply.Json(new ErasureReceipt
        {
            RequestId = call.RequestId,
            Subject = call.Subject!,
            AcceptedAt = atMs,
            Partition = position.Partition,
            Offset = position.Offset,
            Places = ErasureTerms.Of(call.Environment.Options.Privacy, atMs),
        }, ApiJson.Default.ErasureReceipt, StatusCodes.Status202Accepted);
    }

    private static async Task<ApiReply> ExportAsync(ApiCall call, IExportPort port)
    {
        var (user, refusal) = await PersonAsync(call).ConfigureAwait(false);
        if (refusal is not null) return refusal;
        var result = await call.AskAsync(call.Environment.Options.Limits.ActTime, cancellation => port.ExportAsync(user, cancellation)).ConfigureAwait(false);
        if (result is not { Outcome: PortOutcome.Found, Value: { } json }) return ApiReply.Of(result);
        if (ProfileRoute.IsDegraded(json)) return ApiReply.Error(ProblemKind.Unavailable, "The data cannot be read whole now.");
        using var data = JsonDocument.Parse(json);
        var atMs = call.Environment.NowMs;
        return ApiReply.Json(new ExportReply
        {
            RequestId = call.RequestId,
            Subject = call.Subject!,
            MadeAt = atMs,
            Places = ErasureTerms.NotExported(call.Environment.Options.Privacy, atMs),
            Data = data.RootElement,
        }, ApiJson.Default.ExportReply);
    }

    private static async Task<(UserKey User, ApiReply? Refusal)> PersonAsync(ApiCall call)
    {
        var (query, refusal) = await call.ReadAsync(ApiJson.Default.PersonQuery).ConfigureAwait(false);
        if (query is null) return (default, refusal);
        var checks = call.Checks();
        var user = checks.Person(query.UserId, query.AnonymousId);
        return (user, checks.Refusal ?? await call.BeginAsync(user).ConfigureAwait(false));
    }
}
