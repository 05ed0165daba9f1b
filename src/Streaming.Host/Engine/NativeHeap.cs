using System.Runtime.InteropServices;

namespace Streaming.Host.Engine;

/// <summary>
/// The C library's heap. glibc gives each thread that allocates an arena of its own, up to eight for each core. The Kafka client allocates a record on one thread and frees it on another, and has a dozen threads a broker: each arena keeps the most
/// that it ever held, so resident memory rises in steps for hours without a byte lost. One arena a core keeps what is free where the next thread finds it.
/// </summary>
internal static class NativeHeap
{
    /// <summary>The C library's own setting, which a person may have set: it is left alone.</summary>
    internal const string Variable = "MALLOC_ARENA_MAX", Tunables = "GLIBC_TUNABLES";

    private const int LeastArenas = 2, ArenaMax = -8; // M_ARENA_MAX of malloc.h

    /// <summary>Bounds the arenas to one a core, at least two, before the first thread of a client starts.</summary>
    /// <returns>The bound; 0 where nothing was set: another C library than glibc, or a person's own setting.</returns>
    internal static int BoundArenas()
    {
        if (!OperatingSystem.IsLinux() || IsSet(Variable) || Environment.GetEnvironmentVariable(Tunables)?.Contains("arena_max", StringComparison.Ordinal) == true) return 0;
        if (!NativeLibrary.TryLoad("libc.so.6", out var libc) || !NativeLibrary.TryGetExport(libc, "mallopt", out var mallopt)) return 0;
        var arenas = Math.Max(LeastArenas, Environment.ProcessorCount);
        unsafe
        {
            return ((delegate* unmanaged<int, int, int>)mallopt)(ArenaMax, arenas) == 1 ? arenas : 0;
        }
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
