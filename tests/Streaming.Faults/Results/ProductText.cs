namespace Streaming.Faults.Results;

/// <summary>A source as the product is compiled from it: without the mistakes that the simulation plants, which are there only where SIMULATION_DEFECTS is defined.</summary>
internal static class ProductText
{
    private const string Planted = "#if SIMULATION_DEFECTS";

    /// <summary>The text without what <c>#if SIMULATION_DEFECTS</c> holds before its <c>#else</c>, and without those directives; empty where nothing is left.</summary>
    /// <exception cref="InvalidDataException">A directive that has no end.</exception>
    public static string Of(string source)
    {
        if (!source.Contains(Planted, StringComparison.Ordinal)) return source;
        var (left, inside) = (new List<string>(), 0); // depth of #if within a planted one; 0: outside
        var isPlanted = false;
        foreach (var line in source.Split('\n'))
        {
            var text = line.Trim();
            if (inside == 0 && text == Planted) (inside, isPlanted) = (1, true);
            else if (inside == 1 && text == "#else") isPlanted = false;
            else if (inside == 1 && text == "#endif") (inside, isPlanted) = (0, false);
            else
            {
                if (inside > 0 && text.StartsWith("#if", StringComparison.Ordinal)) inside++;
                if (inside > 1 && text == "#endif") inside--;
                if (!isPlanted) left.Add(line);
            }
        }

        if (inside > 0) throw new InvalidDataException($"'{Planted}' has no #endif");
        return left.TrueForAll(string.IsNullOrWhiteSpace) ? "" : string.Join('\n', left);
    }
}
