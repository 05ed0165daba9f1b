namespace Streaming.Faults.Soak;

/// <summary>What a process holds, as it says itself right after full collections.</summary>
/// <param name="LiveBytes">Managed bytes that are reachable.</param>
/// <param name="CommittedBytes">Memory that the collector has taken for its heaps and books.</param>
/// <param name="ResidentBytes">Resident memory of the whole process.</param>
/// <param name="Handles">Open file descriptors.</param>
/// <param name="Threads">Threads.</param>
internal sealed record MemoryReading(long LiveBytes, long CommittedBytes, long ResidentBytes, int Handles, int Threads)
{
    /// <summary>Everything resident that is not the collector's.</summary>
    public long NativeBytes => ResidentBytes - CommittedBytes;

    /// <summary>What a leak of either kind would make grow.</summary>
    public long HeldBytes => LiveBytes + NativeBytes;
}
