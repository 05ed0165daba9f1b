using System.Numerics;

namespace Streaming.Host.Demo;

/// <summary>Milliseconds in buckets that grow by about 3 %: quantiles of any number of values in fixed memory. Not safe across threads.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBuckets = 32;
    private readonly long[] _counts = new long[SubBuckets * 40];

    /// <summary>Values added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a value; negative ones (clocks that differ) count as 0.</summary>
    public void Add(long milliseconds)
    {
        _counts[Index(Math.Max(0, milliseconds))]++;
        Count++;
    }

    /// <summary>The value below or at which a share of all values lies; 0 where there is none.</summary>
    public double Quantile(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        for (var i = 0; i < _counts.Length; i++)
        {
            rank -= _counts[i];
            if (rank <= 0 && Count > 0) return Value(i);
        }

        return 0;
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    private int Index(long value)
    {
        if (value < SubBuckets) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - BitOperations.Log2(SubBuckets);
        return Math.Min(_counts.Length - 1, SubBuckets * (shift + 1) + (int)((value >> shift) - SubBuckets));
    }

    private static double Value(int index)
    {
        if (index < SubBuckets) return index;
        var shift = index / SubBuckets - 1;
        return (double)(SubBuckets + index % SubBuckets) * Math.Pow(2, shift);
    }
}
