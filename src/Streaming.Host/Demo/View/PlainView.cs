using System.Globalization;
using Streaming.Host.Demo.Storefront;
using Streaming.Host.Http;

namespace Streaming.Host.Demo.View;

/// <summary>The demo for output that is not a terminal: one line now and then.</summary>
internal static class PlainView
{
    /// <summary>Where to look.</summary>
    public static string Opening(Uri address) => $"{address} shows the engine; {new Uri(address, ShopFront.Path)} is the shop: click as a visitor";

    /// <summary>Where programs may ask; null where the HTTP interface is off.</summary>
    public static string? Api(Uri address, ApiLine? api) => api is null ? null
        : $"{new Uri(address, api.Path)} is the HTTP interface, {new Uri(address, api.OpenApi)} its OpenAPI document: {(api.NeedsKey ? "with a key or token" : "authentication is off, because only this machine is answered")}";

    /// <summary>One line of everything.</summary>
    public static string Line(BoardSnapshot board) => string.Create(CultureInfo.InvariantCulture,
        $"{board.Seconds:0} s: {board.Events} events ({board.EventsPerSecond:0}/s), {board.Recommendations} recommendations, {board.ChurnAlerts} churn alerts, {board.DeadLetters} dead letters, fresh p50 {board.P50Ms:0} ms p99 {board.P99Ms:0} ms");
}
