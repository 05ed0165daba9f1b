using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Streaming.Host.Cli;

/// <summary>SIGTERM, SIGINT or SIGQUIT asks for an orderly end; a second one, at least a second later, ends the process at once.</summary>
internal sealed class ShutdownSignals : IDisposable
{
    // 128 + SIGTERM, by the convention of shells.
    private const int ForcedExitCode = 143;

    // Supervisors (timeout(1) for one) signal the process and its group: the same request arrives twice within a moment.
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _registrations;
    private long _first;

    /// <summary>Begins to listen.</summary>
    public ShutdownSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnSignal),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _asked.Token;

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        var first = Interlocked.CompareExchange(ref _first, Stopwatch.GetTimestamp(), 0);
        if (first == 0)
        {
            // Not inline: whatever listens must not hold up the next signal.
            _ = Task.Run(_asked.Cancel);
            return;
        }

        if (Stopwatch.GetElapsedTime(first) < Echo) return;
        Console.Error.WriteLine("Second signal: ending at once. What was not flushed is rebuilt from the topics at the next start.");
        Environment.Exit(ForcedExitCode);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _asked.Dispose();
    }
}
