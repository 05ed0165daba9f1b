using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Streaming.Api.Http;

/// <summary>A route: what is mapped, what it needs, and what the OpenAPI document says of it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Pattern">Path.</param>
/// <param name="Scope">What a caller needs; null: to be somebody.</param>
/// <param name="Handler">Answers.</param>
internal sealed record ApiRoute(string Method, string Pattern, string? Scope, Func<ApiCall, Task<ApiReply>> Handler)
{
    /// <summary>Name of the operation, camelCase.</summary>
    public required string Operation { get; init; }
    /// <summary>One line.</summary>
    public required string Summary { get; init; }
    /// <summary>More words; null: none.</summary>
    public string? Description { get; init; }
    /// <summary>Body of the request; null: none.</summary>
    public JsonTypeInfo? Request { get; init; }
    /// <summary>Schema of a body that is no record of ours; null: by <see cref="Request"/>.</summary>
    public Func<JsonObject>? RequestContent { get; init; }
    /// <summary>Body of the answer; null: an object, or no record of ours.</summary>
    public JsonTypeInfo? Response { get; init; }
    /// <summary>Status of success, and what it says.</summary>
    public IReadOnlyList<(int Status, string Words)> Success { get; init; } = [(StatusCodes.Status200OK, "Done")];
    /// <summary>Example of a body, JSON.</summary>
    public string? RequestExample { get; init; }
    /// <summary>Example of an answer, JSON.</summary>
    public string? ResponseExample { get; init; }
    /// <summary>Errors beside those that every route has.</summary>
    public IReadOnlyList<ProblemKind> Problems { get; init; } = [];
    /// <summary>Parameters of the query string.</summary>
    public IReadOnlyList<QueryParameter> Query { get; init; } = [];
    /// <summary>Headers that the route reads.</summary>
    public IReadOnlyList<QueryParameter> Headers { get; init; } = [];
    /// <summary>True where the route must be written to the audit log before it is done, and after.</summary>
    public bool IsPrivileged { get; init; }
    /// <summary>True where the answer has an ETag and may be 304.</summary>
    public bool IsTagged { get; init; }

    /// <summary>Method and pattern, for logs.</summary>
    public string What => $"{Method} {Pattern}";
}

/// <summary>A parameter of a query string, or a header.</summary>
/// <param name="Name">Name.</param>
/// <param name="Description">What it says.</param>
/// <param name="Type">JSON type.</param>
/// <param name="Most">Greatest number; null: it is none.</param>
internal sealed record QueryParameter(string Name, string Description, string Type = "string", int? Most = null);
