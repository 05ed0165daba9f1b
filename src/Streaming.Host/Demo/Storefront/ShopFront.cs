using Streaming.Host.Demo.Shop;
using Streaming.Host.Http;

namespace Streaming.Host.Demo.Storefront;

/// <summary>The shop in the browser: its visitors, their events on the way to Kafka, and the routes of its page.</summary>
/// <param name="shop">The shop.</param>
/// <param name="time">The clock.</param>
internal sealed class ShopFront(ShopTraffic shop, TimeProvider time)
{
    /// <summary>Where it is, below the node's address.</summary>
    public const string Path = "shop";

    /// <summary>Lists and events of its visitors.</summary>
    public ShopVisitors Visitors { get; } = new(time);

    /// <summary>Events for the shop's writer.</summary>
    public VisitorQueue Queue { get; } = new();

    /// <summary>Maps its routes.</summary>
    /// <param name="routes">Routes of the node.</param>
    /// <param name="engine">The engine, for the first list of a visitor.</param>
    /// <param name="queryTimeout">How long that query may take.</param>
    public void Map(IEndpointRouteBuilder routes, IEngineView engine, TimeSpan queryTimeout) => StorefrontRoutes.Map(routes, shop,
        new EventRoute(shop.Catalogue, Queue, Visitors, time), new ListRoute(engine, Visitors, id => shop.Catalogue.Find(id)?.Title ?? id, queryTimeout, time));
}
