using System.Globalization;

namespace Streaming.Training.Uplift;

/// <summary>Rows that cannot be used: all counted, the first 20 named.</summary>
internal sealed class BadRows
{
    private const int MaxNamed = 20;
    private readonly List<string> _named = [];

    /// <summary>Number of them.</summary>
    public long Count { get; private set; }

    /// <summary>Line and reason of the first.</summary>
    public IReadOnlyList<string> Named => _named;

    /// <summary>Counts one.</summary>
    public void Add(long line, string reason)
    {
        Count++;
        if (_named.Count < MaxNamed) _named.Add(string.Create(CultureInfo.InvariantCulture, $"line {line}: {reason}"));
    }
}
