namespace Streaming.Simulation.Broker;

/// <summary>What became of requests to end a transaction that arrived after their client had given up, and of the one kind that must never be.</summary>
internal sealed class EndCounts
{
    /// <summary>Held back on purpose.</summary>
    public int Held { get; set; }

    /// <summary>Late, and the epoch was a newer one: refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Late, and the transaction that they were for was still open: it ended as they said.</summary>
    public int InTime { get; private set; }

    /// <summary>Late, and no transaction of the epoch was open.</summary>
    public int Void { get; private set; }

    /// <summary>Late or not, they ended another transaction than the one they were for.</summary>
    public int Torn { get; private set; }

    /// <summary>Notes a request that arrived.</summary>
    /// <param name="isLate">Whether its client had given up by then.</param>
    /// <param name="isNewest">Whether its epoch is the last one given.</param>
    /// <param name="open">What the open transaction was begun as; null: none is open.</param>
    /// <param name="meant">What the request is for.</param>
    public void Note(bool isLate, bool isNewest, object? open, object meant)
    {
        if (isNewest && open is not null && !ReferenceEquals(open, meant)) Torn++;
        else if (!isLate) return;
        else if (!isNewest) Refused++;
        else if (open is null) Void++;
        else InTime++;
    }
}
