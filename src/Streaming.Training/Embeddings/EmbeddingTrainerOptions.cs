namespace Streaming.Training.Embeddings;

/// <summary>How item vectors are trained.</summary>
public sealed record EmbeddingTrainerOptions
{
    /// <summary>Dimensions D. 2 to 1,024.</summary>
    public int Dimensions { get; init; } = 64;
    /// <summary>Items of a session on either side that an item is paired with. 1 to 100.</summary>
    public int Window { get; init; } = 10;
    /// <summary>Sessions longer than this are cut to their latest items. 2 to 10,000.</summary>
    public int MaxSessionItems { get; init; } = 200;
    /// <summary>Pairs seen less often than this count as never seen. 0 to 1,000.</summary>
    public double MinPairWeight { get; init; } = 1;
    /// <summary>Items in fewer sessions than this get no vector (their attributes give them one). 1 to 10,000.</summary>
    public int MinItemSessions { get; init; } = 3;
    /// <summary>Most items; the most frequent stay. 10 to 10,000,000.</summary>
    public int MaxItems { get; init; } = 1_000_000;
    /// <summary>Power of item counts in the expected pair count: below 1 lifts rare items less. 0 to 1.</summary>
    public double ContextSmoothing { get; init; } = 0.75;
    /// <summary>Rounds of subspace iteration. 1 to 100.</summary>
    public int Iterations { get; init; } = 8;
    /// <summary>Threads. 1 to 256; any number gives the same bits.</summary>
    public int Threads { get; init; } = 1;
    /// <summary>Seed of the start.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Every error at once, each with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (Dimensions is < 2 or > 1_024) yield return $"{nameof(Dimensions)} must be 2 to 1,024, not {Dimensions}";
        if (Window is < 1 or > 100) yield return $"{nameof(Window)} must be 1 to 100, not {Window}";
        if (MaxSessionItems is < 2 or > 10_000) yield return $"{nameof(MaxSessionItems)} must be 2 to 10,000, not {MaxSessionItems}";
        if (MinPairWeight is not (>= 0 and <= 1_000)) yield return $"{nameof(MinPairWeight)} must be 0 to 1,000, not {MinPairWeight}";
        if (MinItemSessions is < 1 or > 10_000) yield return $"{nameof(MinItemSessions)} must be 1 to 10,000, not {MinItemSessions}";
        if (MaxItems is < 10 or > 10_000_000) yield return $"{nameof(MaxItems)} must be 10 to 10,000,000, not {MaxItems}";
        if (ContextSmoothing is not (>= 0 and <= 1)) yield return $"{nameof(ContextSmoothing)} must be 0 to 1, not {ContextSmoothing}";
        if (Iterations is < 1 or > 100) yield return $"{nameof(Iterations)} must be 1 to 100, not {Iterations}";
        if (Threads is < 1 or > 256) yield return $"{nameof(Threads)} must be 1 to 256, not {Threads}";
    }
}
