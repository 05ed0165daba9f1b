using Streaming.Contracts;

namespace Streaming.Host.Replay;

/// <summary>What to replay, where to and how fast.</summary>
public sealed record ReplayOptions
{
    /// <summary>Form of the input.</summary>
    public required HistoryFormat Format { get; init; }
    /// <summary>Path of a plain or gzip file; <c>-</c>: standard input.</summary>
    public required string Input { get; init; }
    /// <summary>Topics written.</summary>
    public TopicNames Topics { get; init; } = new();
    /// <summary>Times real speed; null: as fast as the broker takes it. Above 0.</summary>
    public double? Speed { get; init; }
    /// <summary>Most rows read from the file; null: all. Not negative.</summary>
    public long? Limit { get; init; }
    /// <summary>Event time from which on the engine writes outputs, ms since 1970; null: all outputs.</summary>
    public long? OutputsFromMs { get; init; }
    /// <summary>How the file is read.</summary>
    public HistoryReaderOptions Reader { get; init; } = new();
    /// <summary>Most items of the catalogue gathered from the history. 1 to 100 million.</summary>
    public int MaxCatalogItems { get; init; } = 10_000_000;
    /// <summary>Rejected rows kept in the result, each named; further ones are only counted. 0 to 1 million.</summary>
    public int MaxRejectionsKept { get; init; } = 1_000;
    /// <summary>Rows between two reports of progress. At least 1.</summary>
    public int ReportEvery { get; init; } = 10_000;
    /// <summary>How the engine is told that history follows.</summary>
    public HistoricalRequestOptions Request { get; init; } = new();

    /// <summary>Every setting that is out of range.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrEmpty(Input)) yield return $"{nameof(Input)} must name a file or -";
        else if (Input != "-" && !File.Exists(Input)) yield return $"{nameof(Input)}: there is no file '{Input}'";
        if (Speed is { } speed && !(speed > 0 && double.IsFinite(speed))) yield return $"{nameof(Speed)} must be max or a number above 0";
        if (Limit < 0) yield return $"{nameof(Limit)} must not be negative";
        if (OutputsFromMs < 0) yield return $"{nameof(OutputsFromMs)} must not be negative";
        if (MaxCatalogItems is < 1 or > 100_000_000) yield return $"{nameof(MaxCatalogItems)} must be between 1 and 100000000";
        if (MaxRejectionsKept is < 0 or > 1_000_000) yield return $"{nameof(MaxRejectionsKept)} must be between 0 and 1000000";
        if (ReportEvery < 1) yield return $"{nameof(ReportEvery)} must be at least 1";
        foreach (var error in Reader.Validate().Concat(Request.Validate())) yield return error;
    }
}
