namespace Streaming.Training.Uplift;

/// <summary>Columns of the regressions: an intercept, and for each column of the trial its levels and its straight line, each a group with a variance of its own.</summary>
internal sealed class UpliftDesign
{
    private readonly ColumnCode[] _codes;

    /// <summary>Makes the design from columns of the rows that models are fitted on.</summary>
    public UpliftDesign(IReadOnlyList<TrialFeature> features)
    {
        _codes = [.. features.Select(f => new ColumnCode(f))];
        var groups = new List<int> { 0 };
        var linear = new List<int> { 0 };
        foreach (var code in _codes)
        {
            // Levels of a category have no line beside them: they belong to the straight design too.
            Append(code.Levels, !code.HasLine);
            Append(code.HasLine ? 1 : 0, true);
        }

        (GroupOf, Linear, All) = ([.. groups], [.. linear], [.. Enumerable.Range(0, groups.Count)]);

        void Append(int count, bool isLinear)
        {
            var group = groups[^1] + 1;
            for (var i = 0; i < count; i++)
            {
                if (isLinear) linear.Add(groups.Count);
                groups.Add(group);
            }
        }
    }

    /// <summary>Columns of the trial, in the order of the design's.</summary>
    public IReadOnlyList<ColumnCode> Codes => _codes;

    /// <summary>Group of each column; 0 is the intercept.</summary>
    public int[] GroupOf { get; }

    /// <summary>Columns.</summary>
    public int Width => GroupOf.Length;

    /// <summary>Every column.</summary>
    public int[] All { get; }

    /// <summary>The intercept, straight lines and levels of categories.</summary>
    public int[] Linear { get; }

    /// <summary>Rows of a trial in this design.</summary>
    public DesignRows Encode(IReadOnlyList<TrialFeature> features, int rows)
    {
        var levelled = Enumerable.Range(0, _codes.Length).Where(c => _codes[c].Levels > 0).ToArray();
        var lined = Enumerable.Range(0, _codes.Length).Where(c => _codes[c].HasLine).ToArray();
        var (starts, lines) = (new int[_codes.Length], new int[_codes.Length]);
        for (int c = 0, at = 1; c < _codes.Length; c++)
        {
            starts[c] = at;
            lines[c] = at += _codes[c].Levels;
            if (_codes[c].HasLine) at++;
        }

        var result = new DesignRows(rows, Width, levelled.Length, [.. lined.Select(c => lines[c])]);
        for (var row = 0; row < rows; row++)
        {
            for (var g = 0; g < levelled.Length; g++) result.Levels[(row * levelled.Length) + g] = starts[levelled[g]] + _codes[levelled[g]].LevelOf(features[levelled[g]], row);
            for (var v = 0; v < lined.Length; v++) result.Values[(row * lined.Length) + v] = _codes[lined[v]].LineOf(features[lined[v]], row);
        }

        return result;
    }
}
