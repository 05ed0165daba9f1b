using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Streaming.Contracts;

namespace Streaming.Host.Demo.Shop;

/// <summary>
/// The generated shop at work. Visitors come with tastes, look at things, go from one to what goes with it, search, fill carts, buy, log in, follow
/// recommendations, say what they do not want, and leave. The same seed and the same offers give the same events.
/// </summary>
internal sealed class ShopTraffic
{
    // Offers to visitors who have left are of no use; beyond this many they are forgotten together.
    private const int MostOffers = 1000;

    private const double DayMs = 86_400_000;
    private static readonly TimeSpan CrossingStart = TimeSpan.FromSeconds(5);

    private readonly ShopOptions _options;
    private readonly Random _random;
    private readonly EventWriter _writer = new();
    private readonly Crowd _crowd;
    private readonly ShopPast _past;
    private readonly List<Visitor> _inside = [];
    private readonly ConcurrentDictionary<string, Offer> _offers = new(StringComparer.Ordinal);
    private readonly Queue<ShopRecord> _next = new();
    private long _visits;

    /// <summary>Opens the shop.</summary>
    public ShopTraffic(ShopOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
        Catalogue = new Catalogue(options.Seed);
        _crowd = new Crowd(Catalogue.Categories, options.Customers, _random);
        _past = new ShopPast(Catalogue, _writer, _random);
    }

    /// <summary>Products.</summary>
    public Catalogue Catalogue { get; }

    /// <summary>Ids of a few customers who still come, and have a past.</summary>
    public IReadOnlyList<string> Regulars => [.. _crowd.Customers.Where(v => !v.IsLapsed).Take(6).Select(v => v.UserId!)];

    /// <summary>The catalogue as records.</summary>
    public IEnumerable<ShopRecord> Items() => Catalogue.Products.Select(EventWriter.Item);

    /// <summary>The customers' past in order of time. Of those who never came back a third are gone for long; the others become so one after the other from now on.</summary>
    /// <param name="nowMs">Now, ms since 1970.</param>
    public IEnumerable<ShopRecord> Past(long nowMs)
    {
        var lapsed = _crowd.Customers.Where(v => v.IsLapsed).ToArray();
        var crossing = nowMs + (long)CrossingStart.TotalMilliseconds;
        return _crowd.Customers.Where(v => !v.IsLapsed).SelectMany(v => _past.Regular(v, nowMs))
            .Concat(lapsed.SelectMany((v, i) => _past.OneTimer(v, (i % 3 == 0 ? nowMs - (long)(_random.NextDouble() * 60 * DayMs) : crossing + (long)(i * _options.LapsedEvery.TotalMilliseconds)) - (long)_options.LapsedAfter.TotalMilliseconds)))
            .OrderBy(e => e.AtMs).Select(e => e.Record);
    }

    /// <summary>A recommendation reached a visitor: they may follow it. Safe from any thread.</summary>
    public void Offer(string visitor, Offer offer)
    {
        if (_offers.Count >= MostOffers) _offers.Clear();
        _offers[visitor] = offer;
    }

    /// <summary>The next event.</summary>
    /// <param name="nowMs">Now, ms since 1970.</param>
    public ShopRecord Next(long nowMs)
    {
        if (_next.TryDequeue(out var queued)) return queued;
        if (_random.NextDouble() < _options.BrokenShare) return Broken();
        while (_inside.Count < _options.OpenVisits) _inside.Add(Enter());
        var at = _random.Next(_inside.Count);
        var visitor = _inside[at];
        Act(visitor, nowMs);
        if (visitor.Patience <= 0)
        {
            Leave(visitor, nowMs);
            _inside[at] = Enter();
        }

        return _next.Dequeue();
    }

    private Visitor Enter()
    {
        var comers = _crowd.Customers;
        var candidate = comers[_random.Next(comers.Count)];
        var visitor = candidate.IsLapsed || _inside.Contains(candidate) || _random.NextDouble() < 0.35 ? _crowd.NewGuest() : candidate;
        visitor.SessionId = "s" + (++_visits).ToString(CultureInfo.InvariantCulture);
        visitor.Patience = 4 + _random.Next(16);
        visitor.LookingAt = null;
        visitor.Cart.Clear();
        return visitor;
    }

    private void Act(Visitor visitor, long nowMs)
    {
        visitor.Patience--;
        if (_offers.TryRemove(visitor.Key, out var offer)) visitor.Offered = offer;
        var dice = _random.NextDouble();
        if (visitor.LookingAt is null) Look(visitor, Catalogue.Pick(visitor.Tastes[0], _random), nowMs);
        else if (visitor.Offered is { WasShown: false } shown && dice < 0.35) Show(visitor, shown, nowMs);
        else if (visitor.Offered is { WasShown: true } && dice < 0.50) Follow(visitor, visitor.Offered, nowMs);
        else if (dice < 0.62) Look(visitor, Wander(visitor), nowMs);
        else if (dice < 0.70) Search(visitor, nowMs);
        else if (dice < 0.86) AddToCart(visitor, visitor.LookingAt, nowMs);
        else if (dice < 0.89 && visitor.Cart.Count > 0) RemoveFromCart(visitor, nowMs);
        else if (dice < 0.93) _next.Enqueue(_writer.Write(visitor, EventType.Wishlist, nowMs, visitor.LookingAt));
        else if (dice < 0.94) _next.Enqueue(_writer.Write(visitor, EventType.NotInterested, nowMs, visitor.LookingAt));
        else if (dice < 0.97 && visitor is { UserId: null, AnonymousId: not null }) LogIn(visitor, nowMs);
        else Rate(visitor, visitor.LookingAt, nowMs);
    }

    private void Look(Visitor visitor, Product product, long nowMs)
    {
        visitor.LookingAt = product;
        _next.Enqueue(_writer.Write(visitor, EventType.View, nowMs, product));
    }

    private Product Wander(Visitor visitor) => _random.NextDouble() switch
    {
        < 0.45 => Catalogue.Companion(visitor.LookingAt!, _random),
        < 0.65 => Catalogue.Variant(visitor.LookingAt!, _random),
        < 0.90 => Catalogue.Pick(visitor.Tastes[_random.Next(visitor.Tastes.Length)], _random),
        _ => Catalogue.Pick(Catalogue.Categories[_random.Next(Catalogue.Categories.Count)], _random),
    };

    private void Show(Visitor visitor, Offer offer, long nowMs)
    {
        offer.WasShown = true;
        foreach (var (itemId, position) in offer.ItemIds.Take(4).Select((id, i) => (id, i + 1)))
            if (Catalogue.Find(itemId) is { } product) _next.Enqueue(_writer.Write(visitor, EventType.Impression, nowMs, product, json => Attribute(json, offer, position)));
        if (_next.Count == 0) Look(visitor, Wander(visitor), nowMs);
    }

    // Visitors follow what fits their taste.
    private void Follow(Visitor visitor, Offer offer, long nowMs)
    {
        visitor.Offered = null;
        var wanted = offer.ItemIds.Select((id, i) => (Product: Catalogue.Find(id), Position: i + 1)).FirstOrDefault(c => c.Product is not null && visitor.Tastes.Contains(c.Product.Category));
        if (wanted.Product is not { } product)
        {
            Look(visitor, Wander(visitor), nowMs);
            return;
        }

        visitor.LookingAt = product;
        _next.Enqueue(_writer.Write(visitor, EventType.Click, nowMs, product, json => Attribute(json, offer, wanted.Position)));
    }

    private static void Attribute(System.Text.Json.Utf8JsonWriter json, Offer offer, int position)
    {
        json.WriteString("recommendationId", offer.RecommendationId);
        json.WriteNumber("position", position);
    }

    private void Search(Visitor visitor, long nowMs)
    {
        var found = Catalogue.Pick(visitor.Tastes[_random.Next(2)], _random);
        _next.Enqueue(_writer.Write(visitor, EventType.Search, nowMs, null, json =>
        {
            json.WriteString("query", found.Title.Split(',')[0].ToLowerInvariant());
            json.WriteStartArray("results");
            json.WriteStringValue(found.Id);
            json.WriteStringValue(Catalogue.Variant(found, _random).Id);
            json.WriteEndArray();
        }));
        visitor.LookingAt = found;
    }

    private void AddToCart(Visitor visitor, Product product, long nowMs)
    {
        visitor.Cart.Add(product);
        _next.Enqueue(_writer.Write(visitor, EventType.AddToCart, nowMs, product, json => json.WriteNumber("quantity", 1)));
    }

    private void RemoveFromCart(Visitor visitor, long nowMs)
    {
        var product = visitor.Cart[^1];
        visitor.Cart.RemoveAt(visitor.Cart.Count - 1);
        _next.Enqueue(_writer.Write(visitor, EventType.RemoveFromCart, nowMs, product));
    }

    private void Rate(Visitor visitor, Product product, long nowMs) =>
        _next.Enqueue(_writer.Write(visitor, EventType.Rating, nowMs, product, json => json.WriteNumber("rating", 2 + _random.Next(4))));

    // The guest becomes one of the known customers, from now on under that name.
    private void LogIn(Visitor visitor, long nowMs)
    {
        var known = _crowd.Customers[_random.Next(_crowd.Customers.Count)];
        if (_inside.Contains(known) || known.IsLapsed)
        {
            Look(visitor, Wander(visitor), nowMs);
            return;
        }

        _next.Enqueue(_writer.Write(visitor, EventType.Identify, nowMs, null, json => json.WriteString("userId", known.UserId)));
        visitor.UserId = known.UserId;
    }

    private void Leave(Visitor visitor, long nowMs)
    {
        if (visitor.Cart.Count > 0 && _random.NextDouble() < 0.6)
            foreach (var product in visitor.Cart.Distinct()) _next.Enqueue(_writer.Purchase(visitor, product, visitor.Cart.Count(p => p == product), nowMs));
        visitor.Cart.Clear();
        visitor.SessionId = null;
    }

    private ShopRecord Broken() => _random.Next(3) switch
    {
        0 => new ShopRecord("anna", "{\"type\":\"view\",\"userId\":\"anna\",\"itemId\":"u8.ToArray(), "broken"),
        1 => new ShopRecord("nobody", "{\"type\":\"view\",\"itemId\":\"lost\",\"occurredAt\":1767225600051}"u8.ToArray(), "broken"),
        _ => new ShopRecord("ben", Encoding.UTF8.GetBytes("{\"type\":\"teleport\",\"userId\":\"ben\",\"occurredAt\":1767225600051}"), "broken"),
    };
}
