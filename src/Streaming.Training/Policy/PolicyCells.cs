using System.Globalization;

namespace Streaming.Training.Policy;

/// <summary>What can be shown where: a cell is an item at a position, of number position · items + item.</summary>
internal sealed class PolicyCells
{
    private const long MaxCells = 4_000_000;

    /// <summary>Cells of a log.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="log">Rows, whose positions are all that there are.</param>
    /// <exception cref="InvalidDataException">There are too many.</exception>
    public PolicyCells(int items, PolicyRows log)
    {
        Items = items;
        Positions = [.. log.Position.Distinct().Order()];
        if ((long)items * Positions.Count > MaxCells) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{items} items at {Positions.Count} positions are more than {MaxCells} pairs"));
        var shares = new double[Positions.Count];
        foreach (var cell in Of(log)) shares[cell / items]++;
        PositionShare = [.. shares.Select(s => s / log.Count)];
    }

    /// <summary>Number of items.</summary>
    public int Items { get; }

    /// <summary>Positions, in order.</summary>
    public IReadOnlyList<int> Positions { get; }

    /// <summary>Share of the log's rows at each position.</summary>
    public IReadOnlyList<double> PositionShare { get; }

    /// <summary>Number of cells.</summary>
    public int Count => Items * Positions.Count;

    /// <summary>Cell of each row.</summary>
    /// <param name="rows">Rows whose positions are all known.</param>
    public int[] Of(PolicyRows rows)
    {
        var place = Positions.Select((p, i) => (p, i)).ToDictionary(p => p.p, p => p.i);
        var cells = new int[rows.Count];
        for (var r = 0; r < cells.Length; r++) cells[r] = (place[rows.Position[r]] * Items) + rows.Item[r];
        return cells;
    }
}
