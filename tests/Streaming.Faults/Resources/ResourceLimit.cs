namespace Streaming.Faults.Resources;

/// <summary>What the engine gets too little of.</summary>
internal enum ResourceLimit
{
    /// <summary>A twentieth of one processor for 20 s at a time.</summary>
    Processor,

    /// <summary>Less and less memory, until the kernel kills the process.</summary>
    Memory,

    /// <summary>For a while, files for some of the connections that it must make anew.</summary>
    OpenFiles,

    /// <summary>For a while, no new thread.</summary>
    Threads,
}
