using System.Text.RegularExpressions;
using Streaming.Contracts;
using Streaming.Host.Demo.Shop;

namespace Streaming.Host.Demo.Storefront;

/// <summary>What an event of the page must be, so that nothing that becomes a dead letter, or speaks of what the shop does not sell, is ever written.</summary>
internal static partial class ShopEventRules
{
    private const int MostUnits = 99, MostResults = 20, LongestQuery = 100, LastPosition = 200;

    private static readonly EventType[] OfItems = [EventType.View, EventType.Click, EventType.AddToCart, EventType.RemoveFromCart, EventType.Purchase, EventType.NotInterested];
    private static readonly EventType[] Counted = [EventType.AddToCart, EventType.Purchase];

    /// <summary>True for an id that a guest of the shop may have: 8 to 64 letters, digits, hyphens or underscores of ASCII, so that the record's key is canonical as it stands.</summary>
    public static bool IsGuestId(string id) => GuestId().IsMatch(id);

    /// <summary>True for an id that a known user may have: as a guest's, from one character on, also with dots and at signs behind the first.</summary>
    public static bool IsUserId(string id) => UserId().IsMatch(id);

    /// <summary>Why a request is refused, in words that repeat nothing of it; null where it is not.</summary>
    public static string? Error(ShopEventRequest request, Catalogue catalogue)
    {
        var type = EventTypes.Parse(request.Type);
        if (!IsGuestId(request.Visitor)) return "visitor must be 8 to 64 letters, digits, - or _";
        if (request.User is { } user && !IsUserId(user)) return "user must be 1 to 64 letters, digits, . @ - or _, and begin with a letter or digit";
        return type switch
        {
            EventType.Identify when request.User is null => "identify needs user",
            EventType.Search => OfSearch(request, catalogue),
            EventType.Consent when request.Consent is null or { Personalise: null, Market: null, Measure: null } => "consent needs one of personalise, market, measure",
            EventType.Identify or EventType.Consent => null,
            _ => OfSearchAlone(request) ?? OfItem(type, request, catalogue),
        } ?? Stray(type, request);
    }

    private static string? OfItem(EventType type, ShopEventRequest request, Catalogue catalogue)
    {
        if (!OfItems.Contains(type)) return "type must be view, click, add_to_cart, remove_from_cart, purchase, not_interested, search, identify or consent";
        if (request.ItemId is null || catalogue.Find(request.ItemId) is null) return "itemId must be a product of the shop";
        if (request.Quantity is not null && !Counted.Contains(type)) return "quantity goes with add_to_cart and purchase";
        if (request.Quantity is < 1 or > MostUnits) return $"quantity must be 1 to {MostUnits}";
        if (request.RecommendationId is null != request.Position is null) return "recommendationId and position go together";
        if (request.RecommendationId is { } list && !ListId().IsMatch(list)) return "recommendationId is no id of a list";
        return request.Position is < 1 or > LastPosition ? $"position must be 1 to {LastPosition}" : null;
    }

    private static string? OfSearch(ShopEventRequest request, Catalogue catalogue)
    {
        if (request.Query is not { } query || string.IsNullOrWhiteSpace(query) || query.Length > LongestQuery || query.Any(char.IsControl)) return $"query must be 1 to {LongestQuery} characters";
        if (!IsWellFormed(query)) return "query must be text";
        if (request.Results is not { } results) return null;
        return results.Count > MostResults || results.Any(id => id is null || catalogue.Find(id) is null) ? $"results must be at most {MostResults} products of the shop" : null;
    }

    private static string? OfSearchAlone(ShopEventRequest request) => request.Query is null && request.Results is null ? null : "query and results go with search";

    // A field that the type does not speak of would be dropped in silence: whoever sends it means something else.
    private static string? Stray(EventType type, ShopEventRequest request)
    {
        if (request.Consent is not null && type != EventType.Consent) return "consent goes with the type consent";
        if (OfItems.Contains(type)) return null;
        if (request.ItemId is not null || request.Quantity is not null || request.RecommendationId is not null || request.Position is not null) return "itemId, quantity, recommendationId and position go with events of items";
        return type == EventType.Search ? null : OfSearchAlone(request);
    }

    private static bool IsWellFormed(string text) => !text.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar);

    [GeneratedRegex(@"^[A-Za-z0-9_-]{8,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex GuestId();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex UserId();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ListId();
}
