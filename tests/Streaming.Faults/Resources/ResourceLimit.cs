namespace Streaming.Faults.Resources;

/// <summary>What the engine gets too little of.</summary>
internal enum ResourceLimit
{
    /// <summary>A twentieth of one processor for 20 s at a time.</summary>
    Processor,

    /// <summary>Less and less memory, until the kernel kills the process.</summary>
    Memory,

    /// <summary>As many open files as it has at its start, and a few more.</summary>
    OpenFiles,

    /// <summary>As many threads as it has, and a few more.</summary>
    Threads,
}
