namespace Streaming.Faults.Resources;

/// <summary>
/// What an engine says where it meets a limit. Somebody who ended for another reason says none of it, and has shown nothing.
/// </summary>
/// <param name="limit">The limit.</param>
internal sealed class LimitSigns(ResourceLimit limit)
{
    // The runtime says no more than "Out of memory." where a thread gets no file for its events, or cannot be made.
    private static readonly string[] Memory = ["Out of memory", "OutOfMemoryException"];
    private static readonly string[] Files = ["Too many open files", "EMFILE", "ENFILE"];
    private static readonly string[] Threads = ["Failed to create thread", "Thread creation failed", "pthread_create", "Unable to create thread", "Resource temporarily unavailable", "EAGAIN"];
    private readonly object _gate = new();
    private int _refusals;
    private string? _named;

    /// <summary>Refusals told since the last <see cref="Reset"/>: the system's own word of the limit.</summary>
    public int Refusals { get { lock (_gate) return _refusals; } }

    /// <summary>The first line since then that names the limit, or what the runtime says in its place; null where there was none.</summary>
    public string? Named { get { lock (_gate) return _named; } }

    /// <summary>What was heard so far was of before the limit.</summary>
    public void Reset()
    {
        lock (_gate) (_refusals, _named) = (0, null);
    }

    /// <summary>A line of its output.</summary>
    public void Hear(string line)
    {
        var refused = Holds(line, limit == ResourceLimit.OpenFiles ? Files : Threads);
        if (!refused && !Holds(line, Memory)) return;
        lock (_gate)
        {
            if (refused) _refusals++;
            _named ??= line.Trim();
        }
    }

    private static bool Holds(string line, string[] texts) => Array.Exists(texts, t => line.Contains(t, StringComparison.OrdinalIgnoreCase));
}
