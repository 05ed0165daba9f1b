using System.Globalization;

namespace Streaming.Simulation.Kernel;

/// <summary>What happened in a run: a hash always, lines where someone wants to read them.</summary>
internal sealed class Trace(TextWriter? to)
{
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>FNV-1a over all events: equal runs have equal hashes.</summary>
    public ulong Hash { get; private set; } = 0xcbf29ce484222325;

    /// <summary>Where something ran on another thread than the run's: null, or the run was not deterministic.</summary>
    public string? Stray { get; private set; }

    public void CheckThread()
    {
        if (Environment.CurrentManagedThreadId != _thread) Stray ??= Environment.StackTrace;
    }

    public bool IsRead => to is not null;

    public void Note(long atUs, Label label, Process? owner)
    {
        CheckThread();
        Hash = (Hash ^ ((ulong)atUs + ((ulong)label << 48))) * 0x100000001b3;
        if (to is not null) Write(atUs, owner is null ? label.ToString() : $"{owner.Name} {label}");
    }

    /// <summary>A fact of the run that is worth a line.</summary>
    public void Say(long atUs, string what)
    {
        CheckThread();
        if (to is not null) Write(atUs, what);
    }

    private void Write(long atUs, string what) => to!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{atUs / 1e6,11:F6} {what}"));
}
