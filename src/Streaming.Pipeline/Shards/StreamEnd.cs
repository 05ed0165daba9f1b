using Streaming.Core.Errors;

namespace Streaming.Pipeline.Shards;

/// <summary>How a run of a shard's stream ended. No step runs any more.</summary>
/// <param name="Errors">Errors of the steps; empty where it was drained.</param>
/// <param name="Committed">Batches committed that held something.</param>
internal sealed record StreamEnd(IReadOnlyList<Exception> Errors, long Committed)
{
    /// <summary>
    /// The error to act on: several steps run at once and each may fail. A fence outranks everything, because going on would fight the new owner;
    /// then what needs a person; then what needs a take-over; last what only needs time.
    /// </summary>
    public Exception? Worst => Errors.Count == 0 ? null : Errors.MaxBy(Rank);

    private static int Rank(Exception error) => (error as EngineException)?.Action switch
    {
        ErrorAction.StopAndBackOff => 4,
        ErrorAction.Fatal => 3,
        ErrorAction.TakeOverAgain => 2,
        null => 1,
        _ => 0,
    };
}
