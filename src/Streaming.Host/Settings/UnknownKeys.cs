namespace Streaming.Host.Settings;

/// <summary>Finds keys that no option reads: a misspelt setting must stop the start, not be ignored.</summary>
internal static class UnknownKeys
{
    // Sections that .NET itself reads.
    private static readonly string[] Foreign = ["Logging"];

    /// <summary>One error for every key that nothing reads, with the nearest known key.</summary>
    public static IEnumerable<SettingsError> Find(IConfiguration configuration, IReadOnlyList<SettingsSection> sections)
    {
        var options = sections.SelectMany(s => s.Options()).ToList();
        var pairs = configuration.AsEnumerable().OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var parents = pairs.Where(pair => pair.Key.Contains(':', StringComparison.Ordinal)).Select(pair => pair.Key[..pair.Key.LastIndexOf(':')]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in pairs)
        {
            // What only holds other keys is judged by those; an empty or null one must have a name that something has.
            if ((value is null && (parents.Contains(key) || IsAbove(key, sections, options))) || IsForeign(key) || options.Any(o => Reads(o, key)) || IsShorthand(key, sections)) continue;
            var nearest = options.Select(o => o.Key).Concat(sections.Select(s => s.Name)).MinBy(known => EditDistance.Between(key, known));
            var isNear = nearest is not null && EditDistance.Between(key, nearest) <= Math.Max(2, key.Length / 3);
            yield return new SettingsError(key, isNear ? $"is not a setting; did you mean {nearest}?" : "is not a setting; docs/settings.md lists them all.", IsUnknownKey: true);
        }
    }

    /// <summary>True where the first part of a key is a section's name or nearly so.</summary>
    public static bool LooksLikeOurs(string key, IReadOnlyList<SettingsSection> sections)
    {
        var first = key.Split(':')[0];
        return IsForeign(key) || sections.Any(s => EditDistance.Between(first, s.Name) <= (s.Name.Length switch { >= 7 => 2, >= 4 => 1, _ => 0 }));
    }

    private static bool IsAbove(string key, IReadOnlyList<SettingsSection> sections, List<SettingsOption> options) =>
        sections.Select(s => s.Name).Concat(options.Select(o => o.Key)).Any(known => known.Equals(key, StringComparison.OrdinalIgnoreCase) || known.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase));

    private static bool IsForeign(string key) => Foreign.Contains(key.Split(':')[0], StringComparer.OrdinalIgnoreCase);

    private static bool Reads(SettingsOption option, string key) =>
        key.Equals(option.Key, StringComparison.OrdinalIgnoreCase)
        || ((OptionShape.IsMap(option.Type) || OptionShape.IsList(option.Type)) && key.StartsWith(option.Key + ":", StringComparison.OrdinalIgnoreCase));

    private static bool IsShorthand(string key, IReadOnlyList<SettingsSection> sections) =>
        sections.Any(s => s.Shorthand is not null && key.Equals(s.Name, StringComparison.OrdinalIgnoreCase));
}
