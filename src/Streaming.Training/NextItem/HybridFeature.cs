namespace Streaming.Training.NextItem;

/// <summary>Features of a candidate, in this order.</summary>
internal enum HybridFeature
{
    /// <summary>Votes of the tuned neighbours beside the best item's.</summary>
    NeighbourShare,
    /// <summary>ln of the votes.</summary>
    NeighbourVotes,
    /// <summary>Rank by votes.</summary>
    NeighbourRank,
    /// <summary>Votes of the narrow neighbours beside the best item's.</summary>
    NarrowShare,
    /// <summary>Votes of the wide neighbours beside the best item's.</summary>
    WideShare,
    /// <summary>Encoder's score.</summary>
    EncoderScore,
    /// <summary>Less the best item's.</summary>
    EncoderBehind,
    /// <summary>Rank by the encoder.</summary>
    EncoderRank,
    /// <summary>Cosine of item vectors with the last click.</summary>
    VectorLast,
    /// <summary>Greatest cosine of item vectors with any click.</summary>
    VectorMost,
    /// <summary>Share of what follows the last click.</summary>
    AfterLast,
    /// <summary>Share of what follows the click before.</summary>
    AfterSecond,
    /// <summary>Share of what precedes the last click.</summary>
    BeforeLast,
    /// <summary>Cosine of pairs with the last click.</summary>
    CosineLast,
    /// <summary>Cosines of pairs with all clicks.</summary>
    CosineAll,
    /// <summary>Clicks with a pair, as a share.</summary>
    Support,
    /// <summary>Popularity.</summary>
    Popularity,
    /// <summary>Popularity lately.</summary>
    Recent,
    /// <summary>Trend.</summary>
    Trend,
    /// <summary>Age of the first click.</summary>
    FirstAge,
    /// <summary>Age of the last click.</summary>
    LastAge,
    /// <summary>Clicks again in a session.</summary>
    Repeats,
    /// <summary>Share of clicks that ended a session.</summary>
    Ends,
    /// <summary>Clicks of it in the prefix.</summary>
    TimesInPrefix,
    /// <summary>Clicks since it was clicked in the prefix; 99 where it was not.</summary>
    ClicksSince,
    /// <summary>Clicks of the prefix.</summary>
    PrefixLength,
    /// <summary>Distinct items of the prefix, as a share.</summary>
    PrefixDistinct,
    /// <summary>ln of the best item's votes: how well neighbours know the prefix.</summary>
    NeighbourBest,
    /// <summary>Encoder's best score: how sure it is.</summary>
    EncoderBest,
    /// <summary>Popularity of the last click.</summary>
    LastPopularity,
    /// <summary>How often the last click is clicked again.</summary>
    LastRepeats,
    /// <summary>Best share of what follows the last click.</summary>
    AfterLastBest,
    /// <summary>Number of features.</summary>
    Count,
}
