namespace Streaming.Faults.Cases;

/// <summary>What brings the engine to a crash point.</summary>
internal enum CrashTrigger
{
    /// <summary>The input alone, or the start.</summary>
    None,
    /// <summary>SIGTERM, once all shards run.</summary>
    Terminate,
    /// <summary>Another version in the model's folder, once all shards run and a list of the one in force was given.</summary>
    ModelReload,
}
