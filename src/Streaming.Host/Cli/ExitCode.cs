namespace Streaming.Host.Cli;

/// <summary>What the process's exit code says.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;
    /// <summary>The work failed, or a stated check did not hold.</summary>
    public const int Failed = 1;
    /// <summary>Wrong usage or configuration; the key or flag was named.</summary>
    public const int Usage = 2;
}
