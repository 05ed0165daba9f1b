namespace Streaming.Pipeline.Shards;

/// <summary>Phases that the driver reports where the shard itself does not run; otherwise <see cref="Core.Shard.ShardStatus.Phase"/> speaks.</summary>
public static class ShardPhases
{
    /// <summary>Not started yet, or waiting for its predecessor on this node to end.</summary>
    public const string New = "new";
    /// <summary>Fencing, reading C and R, replaying.</summary>
    public const string TakingOver = "taking-over";
    /// <summary>The stream runs.</summary>
    public const string Running = "running";
    /// <summary>Waits after an error that may pass.</summary>
    public const string BackingOff = "backing-off";
    /// <summary>Another owner exists; stays away.</summary>
    public const string Fenced = "fenced";
    /// <summary>A person must act.</summary>
    public const string Failed = "failed";
    /// <summary>Commits what is in flight and flushes.</summary>
    public const string HandingOff = "handing-off";
    /// <summary>Gone from this node.</summary>
    public const string Stopped = "stopped";
}
