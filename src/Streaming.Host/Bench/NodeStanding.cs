namespace Streaming.Host.Bench;

/// <summary>Where a node stands, by its /status.</summary>
/// <param name="UpMembers">Members of the cluster that it sees up and reachable, itself among them.</param>
/// <param name="RunningShards">Shards that run on it.</param>
/// <param name="CommittedEvents">Sum of their committed offsets of events.</param>
/// <param name="DirtyUsers">Users of theirs whose row is behind their state.</param>
internal readonly record struct NodeStanding(int UpMembers, int RunningShards, long CommittedEvents, long DirtyUsers);
