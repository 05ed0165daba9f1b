namespace Streaming.Training.NextItem;

/// <summary>Form of the files of <c>evaluate next-item</c>.</summary>
public enum NextItemFormat
{
    /// <summary>Train: a session a line, item ids with blanks; test: <c>prefix TAB target</c>.</summary>
    Sessions,
    /// <summary>SessionId, ItemId and Time with tabs, both files.</summary>
    Clicks,
}

/// <summary>Settings of <c>evaluate next-item</c>.</summary>
public sealed record NextItemOptions
{
    /// <summary>Train file; plain or .gz, <c>-</c> for standard input.</summary>
    public required string Train { get; init; }
    /// <summary>Test file, likewise.</summary>
    public required string Test { get; init; }
    /// <summary>Form of both.</summary>
    public NextItemFormat Format { get; init; }
    /// <summary>True: test rows are answered in another order; no rank may change.</summary>
    public bool Shuffle { get; init; }
    /// <summary>Seed of every random choice.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Draws of the bootstrap. 100 to 100,000.</summary>
    public int Draws { get; init; } = 1000;
    /// <summary>Settings of the hybrid.</summary>
    internal HybridSettings Hybrid { get; init; } = new();

    /// <summary>Every error at once, each beginning with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrEmpty(Train)) yield return $"{nameof(Train)} must name a file";
        if (string.IsNullOrEmpty(Test)) yield return $"{nameof(Test)} must name a file";
        if (Train == "-" && Test == "-") yield return $"{nameof(Test)} cannot be standard input too";
        if (Draws is < 100 or > 100_000) yield return $"{nameof(Draws)} must be 100 to 100,000, not {Draws}";
    }
}
