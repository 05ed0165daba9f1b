using System.Runtime.InteropServices;

namespace Streaming.Training.Sentiment;

/// <summary>Rows of which few columns are filled.</summary>
internal sealed class SparseRows
{
    private readonly List<int> _starts = [0];
    private readonly List<int> _columns = [];
    private readonly List<float> _values = [];

    /// <summary>Number of rows.</summary>
    public int Count => _starts.Count - 1;

    /// <summary>Adds a row.</summary>
    /// <param name="columns">Filled columns, in rising order.</param>
    /// <param name="values">Their values.</param>
    public void Add(List<int> columns, List<float> values)
    {
        _columns.AddRange(columns);
        _values.AddRange(values);
        _starts.Add(_columns.Count);
    }

    /// <summary>Filled columns of a row; valid until a row is added.</summary>
    public ReadOnlySpan<int> Columns(int row) => CollectionsMarshal.AsSpan(_columns)[_starts[row].._starts[row + 1]];

    /// <summary>Values of <see cref="Columns"/>.</summary>
    public ReadOnlySpan<float> Values(int row) => CollectionsMarshal.AsSpan(_values)[_starts[row].._starts[row + 1]];
}
