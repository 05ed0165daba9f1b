using Streaming.Host.Cli;
using Streaming.Host.Demo.Shop;
using Streaming.Host.Http;

namespace Streaming.Host.Demo.Storefront;

/// <summary>A small shop in the browser, whose visitor is a person: what they do goes to <c>events</c> as everything in the demo, and what comes back is read from <c>recommendations</c>.</summary>
internal static class StorefrontRoutes
{
    /// <summary>Maps <c>/shop</c> and what its page asks for.</summary>
    /// <param name="routes">Routes of the node; it answers this machine only, as the settings say.</param>
    /// <param name="shop">The shop.</param>
    /// <param name="events">Takes events.</param>
    /// <param name="lists">Gives lists.</param>
    public static void Map(IEndpointRouteBuilder routes, ShopTraffic shop, EventRoute events, ListRoute lists)
    {
        var (page, script, products) = (StatusPage.Read("shop.html"), StatusPage.Read("shop.js"), Products(shop));
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        routes.MapGet("/shop", (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = StatusPage.ContentPolicy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return TypedResults.Bytes(page, "text/html; charset=utf-8");
        });
        routes.MapGet("/shop/shop.js", () => TypedResults.Bytes(script, "text/javascript; charset=utf-8"));
        routes.MapGet("/shop/products", () => TypedResults.Text(products, "application/json"));
        routes.MapPost("/shop/events", (HttpContext context, CancellationToken cancellation) => events.PostAsync(context, cancellation));
        routes.MapGet("/shop/lists/{visitor}", (HttpContext context, string visitor, string? after, bool? guest) => lists.GetAsync(context, visitor, after, guest ?? true, stopping));
    }

    private static string Products(ShopTraffic shop) => ResultLine.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("currency", EventWriter.Currency);
        json.WriteStartArray("customers");
        foreach (var name in shop.Regulars) json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartArray("categories");
        foreach (var category in shop.Catalogue.Categories)
        {
            json.WriteStartObject();
            json.WriteString("id", category);
            json.WriteString("chinese", ChineseNames.Category(category));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("products");
        // What sells stands in front.
        foreach (var product in shop.Catalogue.Products.OrderByDescending(p => p.Appeal))
        {
            json.WriteStartObject();
            json.WriteString("id", product.Id);
            json.WriteString("title", product.Title);
            json.WriteString("chinese", ChineseNames.Title(product));
            json.WriteString("category", product.Category);
            json.WriteString("brand", product.Brand);
            json.WriteNumber("price", product.Price);
            json.WriteString("style", product.Style);
            json.WriteString("group", product.GroupId);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
