using Streaming.Training.History;
using Streaming.Training.Segments.Report;

namespace Streaming.Training.Segments;

/// <summary>How many customers stay in their segment over refits, by the adjusted Rand index of the same customers at one refit and at the next.</summary>
/// <param name="Refits">Pairs of refits.</param>
/// <param name="Kept">Mean index as segments are assigned, customers at a border staying.</param>
/// <param name="KeptLeast">Least of the pairs.</param>
/// <param name="Nearest">Mean index if everyone went to the nearest centre.</param>
/// <param name="SameData">Mean index of the old and the new model on the same behaviour, that of the later moment: what the refit alone changes.</param>
/// <param name="RfmNames">Mean index of the plain RFM segments.</param>
/// <param name="RfmCells">Mean index of the 125 RFM cells.</param>
internal sealed record SegmentStability(int Refits, double Kept, double KeptLeast, double Nearest, double SameData, double RfmNames, double RfmCells)
{
    /// <summary>Moves between the last two refits, and the model of the later one.</summary>
    public (SegmentMoves Moves, SegmentModel Model)? Last { get; init; }

    private const long DayMs = 86_400_000;

    /// <summary>Measures over the second half of a history.</summary>
    /// <param name="events">Ordered by time.</param>
    /// <param name="days">Days between refits.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Null where the history is too short for two fits.</returns>
    public static SegmentStability? Measure(IReadOnlyList<TrainingEvent> events, int days, int seed, Action<double>? progress, CancellationToken cancellation)
    {
        var (first, last) = (events[0].AtMs, events[^1].AtMs);
        var count = (int)((last - first) / 2 / (days * DayMs));
        var pairs = new List<(double Kept, double Nearest, double Same, double Names, double Cells)>();
        SegmentModel? former = null;
        Dictionary<string, (CustomerBehaviour Behaviour, string Segment)>? before = null;
        (SegmentMoves Moves, SegmentModel Model)? moved = null;
        for (var r = count; r >= 0; r--)
        {
            cancellation.ThrowIfCancellationRequested();
            var customers = BehaviourTable.At(events, last - (r * days * DayMs));
            if (customers.Count < SegmentFitter.LeastCustomers) continue;
            var model = SegmentFitter.Fit(customers, former, seed);
            var now = customers.ToDictionary(c => c.User, c => (c, model.Assign(c, before is not null && before.TryGetValue(c.User, out var b) ? b.Segment : null)), StringComparer.Ordinal);
            if (former is not null && before is not null)
            {
                pairs.Add(Compare(former, model, [.. customers.Where(c => before.ContainsKey(c.User))], before, now));
                var at = last - (r * days * DayMs);
                moved = (SegmentMoves.Of(at - (days * DayMs), at, former, model, Segments(before), Segments(now)), model);
            }

            (former, before) = (model, now);
            progress?.Invoke((count - r + 1.0) / (count + 1));
        }

        return pairs.Count == 0 ? null : new SegmentStability(pairs.Count, pairs.Average(p => p.Kept), pairs.Min(p => p.Kept), pairs.Average(p => p.Nearest), pairs.Average(p => p.Same), pairs.Average(p => p.Names), pairs.Average(p => p.Cells)) { Last = moved };
    }

    private static Dictionary<string, string> Segments(Dictionary<string, (CustomerBehaviour Behaviour, string Segment)> of) => of.ToDictionary(p => p.Key, p => p.Value.Segment, StringComparer.Ordinal);

    private static (double Kept, double Nearest, double Same, double Names, double Cells) Compare(SegmentModel former, SegmentModel model, CustomerBehaviour[] both,
        Dictionary<string, (CustomerBehaviour Behaviour, string Segment)> before, Dictionary<string, (CustomerBehaviour Behaviour, string Segment)> now)
    {
        CustomerBehaviour[] then = [.. both.Select(c => before[c.User].Behaviour)];
        return (
            AdjustedRand.Of([.. both.Select(c => before[c.User].Segment)], [.. both.Select(c => now[c.User].Segment)]),
            AdjustedRand.Of([.. then.Select(c => former.Assign(c))], [.. both.Select(c => model.Assign(c))]),
            AdjustedRand.Of([.. both.Select(c => former.Assign(c))], [.. both.Select(c => model.Assign(c))]),
            AdjustedRand.Of([.. then.Select(former.Rfm.Name)], [.. both.Select(model.Rfm.Name)]),
            AdjustedRand.Of([.. then.Select(former.Rfm.Of)], [.. both.Select(model.Rfm.Of)]));
    }
}
