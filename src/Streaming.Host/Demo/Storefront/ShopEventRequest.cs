using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Contracts;

namespace Streaming.Host.Demo.Storefront;

/// <summary>An event as the shop's page posts it; which fields go with which type: <see cref="ShopEventRules"/>.</summary>
/// <param name="Visitor">Id of the browser: that of the guest.</param>
/// <param name="Type">Wire name of the type.</param>
/// <param name="User">Who is logged in; for <c>identify</c>, who logs in.</param>
/// <param name="ItemId">Item.</param>
/// <param name="Quantity">Units; 1 where absent.</param>
/// <param name="Query">What was searched for.</param>
/// <param name="Results">Items that the search showed, best first.</param>
/// <param name="RecommendationId">List that led to the item.</param>
/// <param name="Position">Place in it, from 1.</param>
/// <param name="Consent">Purposes given or withdrawn.</param>
internal sealed record ShopEventRequest(string Visitor, string Type, string? User = null, string? ItemId = null, int? Quantity = null, string? Query = null, IReadOnlyList<string>? Results = null,
    string? RecommendationId = null, int? Position = null, ShopConsent? Consent = null);

/// <summary>Purposes given (true) or withdrawn (false); null: as before.</summary>
/// <param name="Personalise">Personal recommendations.</param>
/// <param name="Market">Alerts to marketing.</param>
/// <param name="Measure">Being counted.</param>
internal sealed record ShopConsent(bool? Personalise = null, bool? Market = null, bool? Measure = null);

/// <summary>A list as the page gets it, from the topic or from a query: what both have.</summary>
/// <param name="RecommendationId">Its id.</param>
/// <param name="Items">Items, best first.</param>
/// <param name="OccurredAt">Time of the last event in it, ms since 1970.</param>
/// <param name="Degraded">Why it is poorer than it should be.</param>
/// <param name="ModelVersion">Ranker that scored it.</param>
internal sealed record ShopList(string RecommendationId, IReadOnlyList<RecommendedItem> Items, long OccurredAt, string? Degraded = null, string? ModelVersion = null)
{
    /// <summary>The list of a record of the topic.</summary>
    public static ShopList Of(Recommendation record) => new(record.RecommendationId, record.Items, record.OccurredAt, record.Degraded, record.ModelVersion);
}

/// <summary>Source-generated reading of what the page sends and the engine answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ShopEventRequest))]
[JsonSerializable(typeof(ShopList))]
internal sealed partial class ShopJson : JsonSerializerContext
{
    /// <summary>Refuses unknown and repeated fields, nulls and missing fields; for what comes from a browser.</summary>
    public static ShopJson Strict { get; } = new(new JsonSerializerOptions(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, MaxDepth = 4 });
}
