namespace Streaming.Core.Tests;

/// <summary>Managed bytes that a piece of code allocates.</summary>
internal static class Allocations
{
    /// <summary>
    /// Least bytes of several rounds. The runtime itself allocates on the calling thread now and then (code compiled again at a higher tier, type loading): that happens in some round,
    /// what the code itself allocates happens in every one.
    /// </summary>
    public static long LeastOf(int rounds, Action round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < rounds; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
