using System.Text;
using Streaming.Core.Items;

namespace Streaming.Training.Embeddings;

/// <summary>
/// Item vectors from who shares sessions with whom: pairs → PPMI → its leading eigenvectors × √eigenvalue → unit length. Equal input, options and machine give equal bits.
/// </summary>
public static class EmbeddingTrainer
{
    /// <summary>Trains.</summary>
    /// <param name="sessions">Sessions or baskets.</param>
    /// <param name="options">How.</param>
    /// <returns>Unit vectors of the items that had enough to learn from; the others keep the vector of their attributes.</returns>
    /// <exception cref="ArgumentException">An option out of its range, or fewer than two items with pairs.</exception>
    public static VectorTableEntry[] Fit(IEnumerable<ItemSession> sessions, EmbeddingTrainerOptions options)
    {
        if (options.Validate().ToArray() is { Length: > 0 } errors) throw new ArgumentException(string.Join("; ", errors), nameof(options));
        var all = sessions as IReadOnlyList<ItemSession> ?? [.. sessions];
        var numbers = Vocabulary(all, options);
        var pairs = new PairCounts(options);
        var items = new List<int>();
        foreach (var session in all)
        {
            items.Clear();
            foreach (var id in session.Items.Skip(session.Items.Count - options.MaxSessionItems))
            {
                if (numbers.TryGetValue(id, out var number)) items.Add(number);
            }

            pairs.Add(items, session.IsOrdered);
        }

        var matrix = pairs.Ppmi(numbers.Count);
        if (matrix.Values.Length == 0) throw new ArgumentException("no two items share enough sessions to learn vectors from");
        return Entries(numbers, matrix, options);
    }

    /// <summary>Numbers in byte order of the ids: independent of the order of sessions.</summary>
    private static SortedDictionary<string, int> Vocabulary(IReadOnlyList<ItemSession> sessions, EmbeddingTrainerOptions options)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var id in sessions.SelectMany(s => s.Items)) counts[id] = counts.GetValueOrDefault(id) + 1;
        var kept = counts.Where(c => c.Value >= options.MinItemSessions).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(options.MaxItems);
        var numbers = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (id, _) in kept) numbers.Add(id, 0);
        var next = 0;
        foreach (var id in numbers.Keys.ToArray()) numbers[id] = next++;
        return numbers;
    }

    private static VectorTableEntry[] Entries(SortedDictionary<string, int> numbers, SparseSymmetric matrix, EmbeddingTrainerOptions options)
    {
        var (values, vectors) = Eigenvectors.Leading(matrix, options.Dimensions, options);
        var entries = new List<VectorTableEntry>(numbers.Count);
        foreach (var (id, number) in numbers)
        {
            var vector = new double[options.Dimensions];
            var squares = 0.0;
            for (var j = 0; j < values.Length; j++)
            {
                vector[j] = vectors[(number * values.Length) + j] * Math.Sqrt(values[j]);
                squares += vector[j] * vector[j];
            }

            if (squares < 1e-18) continue;
            var norm = Math.Sqrt(squares);
            entries.Add(new VectorTableEntry(Encoding.UTF8.GetBytes(id), Array.ConvertAll(vector, x => (float)(x / norm))));
        }

        return [.. entries];
    }
}
