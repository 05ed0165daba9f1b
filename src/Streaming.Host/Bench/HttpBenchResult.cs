namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench http</c>; the keys are fixed.</summary>
/// <param name="Requests">Queries of each kind.</param>
/// <param name="Connections">Connections at the same time.</param>
/// <param name="Rate">Events a second that came in meanwhile.</param>
/// <param name="Empty">An empty answer of Kestrel alone: the floor.</param>
/// <param name="Loaded">A user whose profile is in memory.</param>
/// <param name="NotLoaded">A user whose profile is in the store alone.</param>
/// <param name="RowsRead">Rows that the shards asked the store for; at least <paramref name="Requests"/>, or users were loaded that should not have been.</param>
/// <param name="Failed">Queries that were not answered with a list.</param>
/// <param name="AnswerBytes">Length of a list's answer, mean.</param>
public sealed record HttpBenchResult(int Requests, int Connections, int Rate, Percentiles Empty, Percentiles Loaded, Percentiles NotLoaded, long RowsRead, int Failed, double AnswerBytes)
{
    /// <summary>What a query of a loaded user takes beyond an empty answer, p99, ms.</summary>
    public double LoadedAboveEmptyP99Ms => Loaded.P99 - Empty.P99;

    /// <summary>What a query of a user that is not loaded takes beyond an empty answer, p99, ms.</summary>
    public double NotLoadedAboveEmptyP99Ms => NotLoaded.P99 - Empty.P99;

    /// <summary>Whether every query was answered, and users counted as not loaded really were read from the store.</summary>
    public bool IsSound => Failed == 0 && RowsRead >= Requests;
}
