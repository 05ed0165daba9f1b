namespace Streaming.Training.Segments.Rules;

/// <summary>The fields that rules may name, in the order of the values that they are evaluated on. Who evaluates says what there is; the language knows no field of its own.</summary>
public sealed class RuleSchema
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    /// <summary>A schema of fields.</summary>
    /// <exception cref="ArgumentException">A name twice, a word of the language, or one that cannot be written.</exception>
    public RuleSchema(IEnumerable<RuleField> fields)
    {
        Fields = [.. fields];
        for (var i = 0; i < Fields.Count; i++)
        {
            var name = Fields[i].Name;
            if (!RuleLexer.IsName(name) || RuleLexer.IsWord(name)) throw new ArgumentException($"{name} cannot be the name of a field", nameof(fields));
            if (!_index.TryAdd(name, i)) throw new ArgumentException($"{name} is there twice", nameof(fields));
        }
    }

    /// <summary>All fields.</summary>
    public IReadOnlyList<RuleField> Fields { get; }

    /// <summary>Number of a field; −1: there is none of this name.</summary>
    public int IndexOf(string name) => _index.GetValueOrDefault(name, -1);

    /// <summary>Says that a field is not there, which one may be meant, and which there are.</summary>
    internal string Missing(string name)
    {
        var nearest = Fields.Select(f => f.Name).Where(f => f.Equals(name, StringComparison.OrdinalIgnoreCase) || Distance(f, name) <= 2).MinBy(f => Distance(f, name));
        return $"there is no field {RuleLexer.Shown(name)}{(nearest is null ? "" : $"; did you mean {nearest}?")} Fields are {string.Join(", ", Fields.Select(f => f.Name))}";
    }

    // Letters to insert, take away or replace (Levenshtein); names longer than any field are far from all.
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (corner, above) = (row[0], 0);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1));
                corner = above;
            }
        }

        return row[^1];
    }
}
