namespace Streaming.Faults.Engine;

/// <summary>A worker that was watched.</summary>
/// <param name="Name">Name for the findings.</param>
/// <param name="Log">What it logged.</param>
/// <param name="Looks">What it said, in order.</param>
internal sealed record WatchedOwner(string Name, NodeLog Log, IReadOnlyList<OwnerLook> Looks);
