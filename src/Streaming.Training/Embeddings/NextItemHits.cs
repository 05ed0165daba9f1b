using System.Text;
using Streaming.Core.Items;

namespace Streaming.Training.Embeddings;

/// <summary>How often the next item of a session is among the 20 nearest of the item before it: what a table is worth by itself, compared between tables.</summary>
public static class NextItemHits
{
    private const int Cut = 20, MaxPairs = 2_000;

    /// <summary>Share of pairs that hit; items without a vector miss.</summary>
    public static double Of(IReadOnlyList<VectorTableEntry> entries, IEnumerable<ItemSession> sessions)
    {
        var places = entries.Select((e, i) => (Id: Encoding.UTF8.GetString(e.ItemId), i)).ToDictionary(x => x.Id, x => x.i, StringComparer.Ordinal);
        int pairs = 0, hits = 0;
        foreach (var (from, to) in sessions.SelectMany(s => s.Items.Zip(s.Items.Skip(1))).Take(MaxPairs))
        {
            pairs++;
            if (places.TryGetValue(from, out var i) && places.TryGetValue(to, out var j) && IsNear(entries, i, j)) hits++;
        }

        return pairs == 0 ? 0 : (double)hits / pairs;
    }

    private static bool IsNear(IReadOnlyList<VectorTableEntry> entries, int from, int to)
    {
        var wanted = Dot(entries[from].Vector, entries[to].Vector);
        var nearer = 0;
        for (var i = 0; i < entries.Count && nearer < Cut; i++)
        {
            if (i != from && i != to && Dot(entries[from].Vector, entries[i].Vector) >= wanted) nearer++;
        }

        return nearer < Cut;
    }

    private static float Dot(float[] a, float[] b)
    {
        var sum = 0f;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
