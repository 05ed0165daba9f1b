namespace Streaming.Pipeline.Membership;

/// <summary>A member of the cluster as this node sees it.</summary>
/// <param name="Address">host:port.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="Status">Up, Joining, Leaving, …</param>
/// <param name="Reachable">False where its heartbeats fail.</param>
/// <param name="IsSelf">True for this node.</param>
public sealed record ClusterMember(string Address, IReadOnlyList<string> Roles, string Status, bool Reachable, bool IsSelf);
