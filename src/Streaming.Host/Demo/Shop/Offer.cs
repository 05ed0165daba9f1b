namespace Streaming.Host.Demo.Shop;

/// <summary>A recommendation that reached a visitor.</summary>
/// <param name="RecommendationId">Its id: ties what the visitor does to it.</param>
/// <param name="ItemIds">Its items in order.</param>
internal sealed record Offer(string RecommendationId, IReadOnlyList<string> ItemIds)
{
    /// <summary>True once impressions were sent.</summary>
    public bool WasShown { get; set; }
}
