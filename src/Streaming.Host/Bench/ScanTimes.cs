using System.Diagnostics;
using Streaming.Core.Fold;
using Streaming.Core.Items;

namespace Streaming.Host.Bench;

/// <summary>Times of one way to scan and of a plain sum over the bytes that it reads, turn by turn.</summary>
/// <param name="nearest">The scan.</param>
/// <param name="sum">The floor.</param>
/// <param name="turns">Turns that count.</param>
internal sealed class ScanTimes(NearestItems nearest, Func<double> sum, int turns)
{
    private const int Best = 60;
    private readonly double[] _scans = new double[turns], _sums = new double[turns];

    /// <summary>Takes a turn.</summary>
    /// <param name="turn">Its number; below 0 it warms up.</param>
    /// <param name="table">What is scanned.</param>
    /// <param name="query">What is sought.</param>
    /// <param name="top">Scratch.</param>
    public void Take(int turn, ItemVectorTable table, ReadOnlySpan<float> query, TopItems top)
    {
        nearest.Begin();
        nearest.AddQuery(query, 1);
        top.Reset(Best);
        var began = Stopwatch.GetTimestamp();
        nearest.Search(table, AllItems.Instance, top);
        var between = Stopwatch.GetTimestamp();
        var total = sum();
        if (double.IsNaN(total)) throw new InvalidOperationException("a vector is not finite");
        if (turn < 0) return;
        _scans[turn] = Stopwatch.GetElapsedTime(began, between).TotalMilliseconds;
        _sums[turn] = Stopwatch.GetElapsedTime(between).TotalMilliseconds;
    }

    /// <summary>Medians.</summary>
    public FloorShare Median() => new(Percentiles.Of(_scans).P50, Percentiles.Of(_sums).P50);

    private sealed class AllItems : IItemFilter
    {
        public static readonly AllItems Instance = new();

        public bool IsBlocked(int item) => false;
    }
}

/// <summary>A time beside its floor.</summary>
/// <param name="Ms">What was measured, median, ms.</param>
/// <param name="FloorMs">The floor, median of the same turns, ms.</param>
public readonly record struct FloorShare(double Ms, double FloorMs)
{
    /// <summary>Share of the floor's rate that is reached.</summary>
    public double Share => FloorMs / Ms;
}
