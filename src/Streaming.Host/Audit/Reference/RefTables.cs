namespace Streaming.Host.Audit.Reference;

/// <summary>The chain of item-vector tables (docs/fold.md §6).</summary>
internal sealed class RefTables
{
    private readonly Dictionary<string, (int Version, float[] Vector)> _vectors = [];

    /// <summary>Version in force; 0: none yet.</summary>
    public int Version { get; private set; }

    /// <summary>Version of the last base.</summary>
    public int BaseVersion { get; private set; }

    /// <summary>Vector of an item in the table in force, or null.</summary>
    public float[]? Vector(string item) => _vectors.TryGetValue(item, out var found) ? found.Vector : null;

    /// <summary>Version that brought an item's vector; 0: it has none.</summary>
    public int VersionOf(string item) => _vectors.TryGetValue(item, out var found) ? found.Version : 0;

    /// <summary>Every vector in force, with the version that brought it.</summary>
    public IEnumerable<(string Item, int Version, float[] Vector)> All => _vectors.Select(v => (v.Key, v.Value.Version, v.Value.Vector));

    /// <summary>Puts the next version in force.</summary>
    public void Add(IEnumerable<(string Item, float[] Vector)> entries, bool isBase)
    {
        Version++;
        if (isBase)
        {
            _vectors.Clear();
            BaseVersion = Version;
        }

        foreach (var (item, vector) in entries) _vectors.TryAdd(item, (Version, vector));
    }
}
