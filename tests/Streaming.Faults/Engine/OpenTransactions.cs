using System.Diagnostics;

namespace Streaming.Faults.Engine;

/// <summary>
/// Transactions that outlive their time. Whoever reads committed records, the oracle too, stops before one, so that what lies behind it would be judged by nobody.
/// </summary>
/// <param name="read">Asks the broker for the ends.</param>
/// <param name="allowed">How long one may be open: the broker's own limit, and the time that it takes to look; asked anew each time.</param>
internal sealed class OpenTransactions(Func<CancellationToken, Task<List<PartitionEnd>>> read, Func<TimeSpan> allowed)
{
    private static readonly TimeSpan Tact = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until none is open.</summary>
    /// <param name="limit">Longest wait where one follows the other.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Partitions in which one stayed open for longer; none where all ended. And how long it took.</returns>
    public async Task<(IReadOnlyList<PartitionEnd> Hanging, TimeSpan Waited)> EndAsync(TimeSpan limit, CancellationToken cancellation)
    {
        // By its beginning: one that works commits one transaction after the other, and each begins further on.
        var (clock, since) = (Stopwatch.StartNew(), new Dictionary<(string, int), (long Stable, TimeSpan From)>());
        while (true)
        {
            var (open, now) = ((await read(cancellation)).Where(e => e.IsOpen).ToList(), clock.Elapsed);
            if (open.Count == 0) return ([], since.Count == 0 ? TimeSpan.Zero : now);
            foreach (var end in open)
            {
                if (!since.TryGetValue((end.Topic, end.Partition), out var seen) || seen.Stable != end.StableEnd) since[(end.Topic, end.Partition)] = (end.StableEnd, now);
            }

            var hanging = open.Where(e => now - since[(e.Topic, e.Partition)].From > allowed()).ToList();
            if (hanging.Count > 0) return (hanging, now);
            if (now > limit) return (open, now);
            await Task.Delay(Tact, cancellation);
        }
    }
}
