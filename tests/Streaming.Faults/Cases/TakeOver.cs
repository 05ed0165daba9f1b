using Streaming.Faults.Engine;
using Streaming.Faults.Workload;

namespace Streaming.Faults.Cases;

/// <summary>When a partition lives on another node.</summary>
/// <param name="Runs">When its shard ran there; null: it did not.</param>
/// <param name="Output">When a reader got its first output from there; null: none came.</param>
internal readonly record struct TakeOver(DateTime? Runs, DateTime? Output)
{
    /// <summary>Waits for both.</summary>
    /// <param name="heir">The node that takes it over.</param>
    /// <param name="outputs">Reads the outputs.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="at">The moment of the fault.</param>
    /// <param name="limit">Longest wait for each.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<TakeOver> WaitAsync(ClusterNode heir, OutputWatch outputs, int partition, DateTime at, TimeSpan limit, CancellationToken cancellation)
    {
        DateTime? runs = null;
        for (var end = DateTime.UtcNow + limit; runs is null && DateTime.UtcNow < end; await Task.Delay(50, cancellation)) runs = heir.Log.FirstAfter(at, OwnerWatch.RunsText(partition));
        return new TakeOver(runs, runs is null ? null : await outputs.FirstAfterAsync(partition, runs.Value, limit, cancellation));
    }
}
