namespace Streaming.Faults.Cases;

/// <summary>Which worker of a cluster is killed.</summary>
internal enum FailOverVictim
{
    /// <summary>The one with the lowest address: the members' leader.</summary>
    LowestAddress,
    /// <summary>The one that has been a member longest: the shards' coordinator runs there.</summary>
    Coordinator,
    /// <summary>The one that joined last.</summary>
    Youngest,
}
