using Streaming.Core.Events;

namespace Streaming.Core.Items;

/// <summary>Integer sums of ±weight over the dimensions, one sign vector a token.</summary>
internal ref struct TokenSums
{
    private readonly Span<int> _sums;

    public TokenSums(Span<int> sums)
    {
        _sums = sums;
        sums.Clear();
    }

    /// <summary>True where nothing was added, or all of it cancelled out.</summary>
    public readonly bool IsZero => _sums.IndexOfAnyExcept(0) < 0;

    /// <summary>Adds a token of a kind (title word, brand …): equal bytes of different kinds are different tokens.</summary>
    public readonly void Add(char kind, ReadOnlySpan<byte> token, int weight)
    {
        for (var from = 0; from < _sums.Length; from += 64)
        {
            var signs = Hash64.Of(token, ((ulong)kind << 32) + (ulong)from);
            var part = _sums.Slice(from, Math.Min(64, _sums.Length - from));
            for (var i = 0; i < part.Length; i++) part[i] += ((signs >> i) & 1) == 0 ? weight : -weight;
        }
    }

    /// <summary>The sums as a unit vector; the first axis where they cancelled out.</summary>
    public readonly void WriteUnit(Span<float> into)
    {
        long squares = 0;
        foreach (var sum in _sums) squares += (long)sum * sum;
        if (squares == 0)
        {
            into.Clear();
            into[0] = 1;
            return;
        }

        var norm = Math.Sqrt(squares);
        for (var i = 0; i < _sums.Length; i++) into[i] = (float)(_sums[i] / norm);
    }
}
