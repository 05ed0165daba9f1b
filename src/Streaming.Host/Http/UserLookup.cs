namespace Streaming.Host.Http;

/// <summary>Answer to a query of a user.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Json">The profile or list as JSON, UTF-8; empty unless found, but for the list of one who is unknown.</param>
internal readonly record struct UserLookup(UserLookupOutcome Outcome, ReadOnlyMemory<byte> Json);

/// <summary>What came of a query of a user.</summary>
internal enum UserLookupOutcome
{
    /// <summary>Here it is.</summary>
    Found,
    /// <summary>No such user.</summary>
    Unknown,
    /// <summary>The shard does not run now, or has too much to do; ask again.</summary>
    Unavailable,
    /// <summary>No answer in time.</summary>
    TimedOut,
    /// <summary>The shard failed on the query; its log says why.</summary>
    Failed,
}
