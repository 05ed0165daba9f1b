namespace Streaming.Simulation.Kernel;

/// <summary>
/// The only thing that makes anything happen: events in order of simulated time, equal times in an order that the seed decides. Everything runs on the thread that calls <see cref="Step"/>, because
/// every simulated request completes its task inside an event and the engine goes on inline from there.
/// </summary>
internal sealed class Scheduler(Rng order, Trace trace)
{
    private readonly PriorityQueue<Pending, (long AtUs, ulong Tie)> _queue = new();

    /// <summary>Simulated time, µs since the start.</summary>
    public long NowUs { get; private set; }

    /// <summary>Events that happened.</summary>
    public long Steps { get; private set; }

    /// <summary>Lets something happen after a delay. With an owner it happens only if that process lives then, and waits while it is paused.</summary>
    public void After(long delayUs, Label label, Process? owner, Action action)
    {
        trace.CheckThread();
        _queue.Enqueue(new Pending(label, owner, action), (NowUs + Math.Max(0, delayUs), order.Bits()));
    }

    /// <summary>Lets the next event happen; false where there is none.</summary>
    public bool Step()
    {
        while (_queue.TryDequeue(out var next, out var at))
        {
            NowUs = Math.Max(NowUs, at.AtUs);
            if (next.Owner is { } owner)
            {
                if (!owner.IsAlive) continue;
                if (owner.PausedUntilUs > NowUs)
                {
                    _queue.Enqueue(next, (owner.PausedUntilUs, order.Bits()));
                    continue;
                }
            }

            Steps++;
            trace.Note(NowUs, next.Label, next.Owner);
            next.Action();
            return true;
        }

        return false;
    }

    private readonly record struct Pending(Label Label, Process? Owner, Action Action);
}
