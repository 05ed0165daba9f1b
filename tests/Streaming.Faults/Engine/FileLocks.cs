namespace Streaming.Faults.Engine;

/// <summary>Locks on files, as the kernel lists them.</summary>
internal static class FileLocks
{
    /// <summary>Whether a process holds a lock to write (POSIX, as SQLite takes them) on any file.</summary>
    public static bool AreHeldBy(int process)
    {
        // "1: POSIX  ADVISORY  WRITE 4711 08:01:123456 120 120"
        return File.ReadLines("/proc/locks").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(parts => parts.Length > 4 && parts[1] == "POSIX" && parts[3] == "WRITE" && parts[4] == $"{process}");
    }
}
