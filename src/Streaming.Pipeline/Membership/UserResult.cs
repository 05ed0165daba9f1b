namespace Streaming.Pipeline.Membership;

/// <summary>What came of a query of a user. The numbers travel between members: only add.</summary>
public enum UserResult
{
    /// <summary>Here is the view.</summary>
    Found = 0,
    /// <summary>The shard knows no such user.</summary>
    Unknown = 1,
    /// <summary>The shard does not run now (take-over, hand-off, back-off) or has too many queries waiting.</summary>
    Unavailable = 2,
    /// <summary>No answer in time.</summary>
    TimedOut = 3,
    /// <summary>The view is larger than a message may be.</summary>
    TooLarge = 4,
    /// <summary>The shard failed on the query; its log says why.</summary>
    Failed = 5,
}
