using Streaming.Host.Http;

namespace Streaming.Host.Demo.Storefront;

/// <summary>
/// Keeps other sites out that a browser on this machine has open: they reach this port as the shop's own page does. Programs other than browsers send none of the headers and are let in.
/// </summary>
internal static class OwnSite
{
    /// <summary>Why a request is refused; null where it is not.</summary>
    /// <param name="request">The request.</param>
    public static string? Refusal(HttpRequest request)
    {
        // A name of somebody else's that leads to this machine would make their page one of this site.
        if (!RemoteAccess.NamesThisMachine(request)) return "asked under a name that is not this machine's: use localhost or an address";
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var isRead = HttpMethods.IsGet(request.Method);
        if (site.Length > 0 && site != "same-origin" && !(isRead && site == "none")) return "asked by another site";
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}" ? "asked by another site" : null;
    }
}
