using System.Globalization;

namespace Streaming.Training.Policy;

/// <summary>Rows that cannot be used: all counted, the first 20 named. A file that loses more than one row in a hundred is refused: what is left might be another population than what was asked about.</summary>
internal sealed class PolicyBadRows
{
    private const int MaxNamed = 20;
    private const double MaxShare = 0.01;
    private readonly Dictionary<string, (long Bad, long Good, string? First)> _files = new(StringComparer.Ordinal);
    private readonly List<string> _named = [];

    /// <summary>Number of them.</summary>
    public long Count => _files.Values.Sum(f => f.Bad);

    /// <summary>File, line and reason of the first.</summary>
    public IReadOnlyList<string> Named => _named;

    /// <summary>Counts a row that cannot be used.</summary>
    public void Row(string file, long line, string reason)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{file} line {line}: {reason}");
        var (bad, good, first) = _files.GetValueOrDefault(file);
        _files[file] = (bad + 1, good, first ?? text);
        if (_named.Count < MaxNamed) _named.Add(text);
    }

    /// <summary>Counts a row that can.</summary>
    public void Good(string file)
    {
        var (bad, good, first) = _files.GetValueOrDefault(file);
        _files[file] = (bad, good + 1, first);
    }

    /// <summary>Forgets what was counted of a file, which is read a second time with a column more.</summary>
    public PolicyBadRows Again(string file)
    {
        _files.Remove(file);
        _named.RemoveAll(n => n.StartsWith(file + " ", StringComparison.Ordinal));
        return this;
    }

    /// <summary>At the end of a file.</summary>
    /// <param name="file">log, target or items.</param>
    /// <param name="rows">Rows that were taken.</param>
    /// <exception cref="InvalidDataException">There is none, or too many are bad.</exception>
    public void Check(string file, int rows)
    {
        var (bad, good, first) = _files.GetValueOrDefault(file);
        if (rows == 0) throw new InvalidDataException(first is null ? $"{file}: no row after the header" : $"{file}: no row can be used; {first}");
        if (bad > MaxShare * (bad + good)) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{file}: {bad} of {bad + good} rows cannot be used, more than 1 in 100; {first}"));
    }
}
