namespace Streaming.Simulation.Kernel;

/// <summary>One incarnation of a node's process. Dead: nothing of it ever goes on, though what it sent may still arrive. Paused: everything of it waits, and it does not know.</summary>
internal sealed class Process(string name)
{
    public string Name => name;
    public bool IsAlive { get; private set; } = true;
    public long PausedUntilUs { get; set; }

    /// <summary>Ends the process at this very moment, wherever it is.</summary>
    public void Kill() => IsAlive = false;
}
