namespace Streaming.Core.Recall;

/// <summary>Where a candidate came from. Bits of <see cref="Candidate.Sources"/>; the wire name is the snake case of the member.</summary>
public enum CandidateSource : byte
{
    /// <summary>Sessions like this one (VMIS-kNN).</summary>
    SessionNeighbours = 0,
    /// <summary>Seen together with what the user looked at.</summary>
    CovisitView = 1,
    /// <summary>Bought together with what the user bought or put into the cart.</summary>
    CovisitBuy = 2,
    /// <summary>Near the user's interest vectors.</summary>
    Nearest = 3,
    /// <summary>Popular, in the user's categories first.</summary>
    Popular = 4,
    /// <summary>In sudden demand.</summary>
    Trending = 5,
    /// <summary>Bought by the user before.</summary>
    Repeat = 6,
}
