using Microsoft.AspNetCore.Http;
using Streaming.Api.Routes;

namespace Streaming.Api.Http;

/// <summary>The routes of a set-up, and the document that describes them.</summary>
/// <param name="all">Routes.</param>
/// <param name="document">OpenAPI document, UTF-8 JSON.</param>
internal sealed class ApiRoutes(IReadOnlyList<ApiRoute> all, ReadOnlyMemory<byte> document)
{
    /// <summary>Routes.</summary>
    public IReadOnlyList<ApiRoute> All => all;

    /// <summary>OpenAPI document, UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Document => document;

    /// <summary>Methods that a path has.</summary>
    public IReadOnlyList<string> MethodsOf(PathString path)
    {
        var segments = (path.Value ?? "").Split('/');
        return [.. all.Where(r => Fits(r.Pattern.Split('/'), segments)).Select(r => r.Method).Distinct()];
    }

    /// <summary>True for a path of the interface, whether this host has its port or not.</summary>
    public static bool IsKnown(PathString path) => ApiRouteTable.Patterns.Any(p => Fits(p.Split('/'), (path.Value ?? "").Split('/')));

    private static bool Fits(string[] pattern, string[] path) =>
        pattern.Length == path.Length && pattern.Zip(path).All(p => p.First.StartsWith('{') ? p.Second.Length > 0 : p.First.Equals(p.Second, StringComparison.OrdinalIgnoreCase));
}
