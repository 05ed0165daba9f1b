using System.Security.Cryptography;
using System.Text;

namespace Streaming.Core.Score;

/// <summary>The ranker's input contract: names, order and hash of the features of one candidate row. A model trained for another list is refused.</summary>
public static class RankerFeatures
{
    /// <summary>Names in column order; the position is the contract.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        // affinity of the item's vector to the user's interests (cosines; 0 where either is missing)
        "cos_short", "cos_medium", "cos_long", "cos_best_interest", "weight_best_interest",
        // candidate sources: score of each source scaled to [0,1] within the list, 0 where the source did not bring it
        "src_session_neighbours", "src_covisit_view", "src_covisit_buy", "src_nearest", "src_popular", "src_trending", "src_repeat", "src_count",
        // the item
        "item_log_popularity", "item_log_popularity_short", "item_trend", "item_log_price", "item_has_vector", "item_age_days_log",
        // the pair
        "pair_views", "pair_carts", "pair_purchases", "pair_repeat_weight", "pair_days_since_purchase_log", "pair_minutes_since_action_log",
        "pair_impressions", "pair_same_category_share", "pair_price_ratio_log",
        // the user
        "user_log_events", "user_log_purchases", "user_days_since_purchase_log", "user_session_length", "user_ring_distinct",
    ];

    /// <summary>Number of features F.</summary>
    public static int Count => Names.Count;

    /// <summary>sha256 (hex) of the names joined by line feeds: what a manifest must carry.</summary>
    public static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Names))));
}
