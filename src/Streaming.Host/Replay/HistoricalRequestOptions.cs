namespace Streaming.Host.Replay;

/// <summary>How <c>replay</c> waits for a running engine to take note that history follows.</summary>
public sealed record HistoricalRequestOptions
{
    /// <summary>A partition of <c>control</c> whose newest batch record is younger than this has a live engine. 1 s to 1 h.</summary>
    public TimeSpan LiveEngineAge { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>Longest wait for a live engine's acknowledgement. 0 to 10 min.</summary>
    public TimeSpan LiveWait { get; init; } = TimeSpan.FromSeconds(20);
    /// <summary>Longest wait where no engine seems to live: an idle one writes no batch records, but answers a request at once. 0 to 10 min.</summary>
    public TimeSpan IdleWait { get; init; } = TimeSpan.FromSeconds(3);
    /// <summary>Time between two looks. 1 ms to 1 min.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(200);
    /// <summary>Offsets looked back at from the end of a partition to find its newest batch record. 1 to 1 million.</summary>
    public int LookBack { get; init; } = 200;

    /// <summary>Every setting that is out of range.</summary>
    public IEnumerable<string> Validate()
    {
        if (LiveEngineAge < TimeSpan.FromSeconds(1) || LiveEngineAge > TimeSpan.FromHours(1)) yield return $"{nameof(LiveEngineAge)} must be between 1 s and 1 h";
        if (LiveWait < TimeSpan.Zero || LiveWait > TimeSpan.FromMinutes(10)) yield return $"{nameof(LiveWait)} must be between 0 and 10 min";
        if (IdleWait < TimeSpan.Zero || IdleWait > TimeSpan.FromMinutes(10)) yield return $"{nameof(IdleWait)} must be between 0 and 10 min";
        if (PollInterval < TimeSpan.FromMilliseconds(1) || PollInterval > TimeSpan.FromMinutes(1)) yield return $"{nameof(PollInterval)} must be between 1 ms and 1 min";
        if (LookBack is < 1 or > 1_000_000) yield return $"{nameof(LookBack)} must be between 1 and 1000000";
    }
}
