using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Streaming.Api.Auth;
using Streaming.Api.Http;
using Streaming.Api.Ports;
using Streaming.Api.Wire;

namespace Streaming.Api.Routes;

/// <summary>Models: which there are, another in force, the one before.</summary>
internal static class ModelRoutes
{
    private const string Example = """{"models":[{"name":"ranker","version":"ranker-7","isInForce":true,"inForceSince":1767225600051}]}""";

    /// <summary>The three routes.</summary>
    public static IEnumerable<ApiRoute> Of(IModelPort port)
    {
        yield return new ApiRoute(HttpMethods.Get, "/v1/models", ApiScopes.ModelsRead, call => ListAsync(call, port))
        {
            Operation = "listModels",
            Summary = "Models and which of them are in force",
            Description = "With an ETag: ask with If-None-Match.",
            IsTagged = true,
            Response = ApiJson.Default.ModelsReply,
            Success = [(StatusCodes.Status200OK, "All models")],
            ResponseExample = Example,
            Problems = [ProblemKind.Unknown, ProblemKind.NotPossible, ProblemKind.TimedOut],
        };
        yield return new ApiRoute(HttpMethods.Post, "/v1/models/{name}/use", ApiScopes.ModelsChange, call => UseAsync(call, port))
        {
            Operation = "useModel",
            Summary = "Puts a version in force",
            Request = ApiJson.Default.UseModelRequest,
            Response = ApiJson.Default.ModelsReply,
            Success = [(StatusCodes.Status200OK, "All models, as they are now")],
            RequestExample = """{"version":"ranker-8"}""",
            ResponseExample = Example,
            Problems = [ProblemKind.Malformed, ProblemKind.InvalidField, ProblemKind.Unknown, ProblemKind.SlowBody, ProblemKind.TooLarge, ProblemKind.MediaType, ProblemKind.NotPossible, ProblemKind.TimedOut],
            IsPrivileged = true,
        };
        yield return new ApiRoute(HttpMethods.Post, "/v1/models/{name}/rollback", ApiScopes.ModelsChange, call => RollBackAsync(call, port))
        {
            Operation = "rollBackModel",
            Summary = "Puts the version in force that was before",
            Response = ApiJson.Default.ModelsReply,
            Success = [(StatusCodes.Status200OK, "All models, as they are now")],
            ResponseExample = Example,
            Problems = [ProblemKind.InvalidField, ProblemKind.Unknown, ProblemKind.NotPossible, ProblemKind.TimedOut],
            IsPrivileged = true,
        };
    }

    private static async Task<ApiReply> ListAsync(ApiCall call, IModelPort port)
    {
        var result = await call.AskAsync(call.Environment.Options.Limits.MaxTime, port.ListAsync).ConfigureAwait(false);
        return result is { Outcome: PortOutcome.Found, Value: { } models } ? ApiReply.Tagged(JsonSerializer.SerializeToUtf8Bytes(models, ApiJson.Default.ModelsReply)) : ApiReply.Of(result);
    }

    private static async Task<ApiReply> UseAsync(ApiCall call, IModelPort port)
    {
        var (body, refusal) = await call.ReadAsync(ApiJson.Default.UseModelRequest).ConfigureAwait(false);
        if (body is null) return refusal!;
        var checks = call.Checks();
        var name = NameOf(call, checks);
        checks.Need("version", body.Version is not null);
        var version = checks.Word("version", body.Version);
        if ((checks.Refusal ?? await call.BeginAsync().ConfigureAwait(false)) is { } wrong) return wrong;
        return Answer(await call.AskAsync(call.Environment.Options.Limits.ActTime, cancellation => port.UseAsync(name, version!, cancellation)).ConfigureAwait(false));
    }

    private static async Task<ApiReply> RollBackAsync(ApiCall call, IModelPort port)
    {
        var checks = call.Checks();
        var name = NameOf(call, checks);
        if ((checks.Refusal ?? await call.BeginAsync().ConfigureAwait(false)) is { } wrong) return wrong;
        return Answer(await call.AskAsync(call.Environment.Options.Limits.ActTime, cancellation => port.RollBackAsync(name, cancellation)).ConfigureAwait(false));
    }

    private static ApiReply Answer(PortResult<ModelsReply> result) =>
        result is { Outcome: PortOutcome.Found, Value: { } models } ? ApiReply.Json(models, ApiJson.Default.ModelsReply) : ApiReply.Of(result);

    // A name is part of a folder's path: it has letters, digits and hyphens and nothing that leads elsewhere.
    private static string NameOf(ApiCall call, FieldChecks checks)
    {
        var name = call.Context.Request.RouteValues["name"] as string ?? "";
        if (name.Length == 0 || name.Length > call.Environment.Options.Limits.MaxWordLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) checks.Refuse("name", "It must be letters, digits and hyphens.");
        return name;
    }
}
