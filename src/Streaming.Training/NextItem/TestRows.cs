namespace Streaming.Training.NextItem;

/// <summary>Rows to be answered: a prefix and the item that came next. Items that the train file lacks have numbers from its item count on.</summary>
public sealed class TestRows
{
    private readonly List<int[]> _prefixes = [];
    private readonly List<int> _targets = [];

    /// <summary>Rows.</summary>
    public int Count => _targets.Count;

    /// <summary>Items clicked before, oldest first; may be empty.</summary>
    public ReadOnlySpan<int> Prefix(int row) => _prefixes[row];

    /// <summary>The item that came next.</summary>
    public int Target(int row) => _targets[row];

    /// <summary>Adds a row.</summary>
    public void Add(ReadOnlySpan<int> prefix, int target)
    {
        _prefixes.Add(prefix.ToArray());
        _targets.Add(target);
    }

    /// <summary>The same rows in another order.</summary>
    /// <param name="order">Row to take at each place.</param>
    public TestRows In(ReadOnlySpan<int> order)
    {
        var rows = new TestRows();
        foreach (var row in order) rows.Add(Prefix(row), Target(row));
        return rows;
    }

    /// <summary>Session of each row: a row whose prefix is the one above's without its last item belongs to the same session.</summary>
    public int[] Sessions()
    {
        var sessions = new int[Count];
        for (var row = 1; row < Count; row++) sessions[row] = sessions[row - 1] + (Continues(row) ? 0 : 1);
        return sessions;
    }

    private bool Continues(int row)
    {
        int[] above = _prefixes[row - 1], here = _prefixes[row];
        return here.Length == above.Length - 1 && above.AsSpan(0, here.Length).SequenceEqual(here);
    }
}
