namespace Streaming.Host.Demo.Shop;

/// <summary>Somebody who visits the generated shop: tastes, a cart, and where they are in their visit.</summary>
internal sealed class Visitor(string? userId, string? anonymousId, string[] tastes)
{
    /// <summary>Known id; null while a guest.</summary>
    public string? UserId { get; set; } = userId;

    /// <summary>Id of the device; null for those who are always logged in.</summary>
    public string? AnonymousId { get; } = anonymousId;

    /// <summary>Categories they like, best first.</summary>
    public string[] Tastes { get; } = tastes;

    /// <summary>The id events carry now; also the record key.</summary>
    public string Key => UserId ?? AnonymousId!;

    /// <summary>The visit's id; null between visits.</summary>
    public string? SessionId { get; set; }

    /// <summary>Actions left in this visit.</summary>
    public int Patience { get; set; }

    /// <summary>What they look at.</summary>
    public Product? LookingAt { get; set; }

    /// <summary>What they put into the cart.</summary>
    public List<Product> Cart { get; } = [];

    /// <summary>The list the engine offered them last, and how many of its items were shown.</summary>
    public Offer? Offered { get; set; }

    /// <summary>True while somebody who bought often and then stopped; they do not come back by themselves.</summary>
    public bool IsLapsed { get; init; }
}
