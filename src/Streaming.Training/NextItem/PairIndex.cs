namespace Streaming.Training.NextItem;

/// <summary>
/// How often one item follows another in a session, by order and distance: a pair d clicks apart counts 1 / d, less the older it is. An item's partners lie side by side; a pair is kept at
/// both ends, with its weight in either direction.
/// </summary>
internal sealed class PairIndex
{
    private const int MostDistance = 10;
    private const double AgeDecay = 1;
    private readonly int[] _starts;

    /// <summary>Counts pairs.</summary>
    public PairIndex(SessionLog log)
    {
        var keys = new List<long>();
        var weights = new List<float>();
        Gather(log, keys, weights);
        var (sortedKeys, sortedWeights) = (keys.ToArray(), weights.ToArray());
        Array.Sort(sortedKeys, sortedWeights); // equal keys may come in any order, but always in the same one
        var count = Merge(sortedKeys, sortedWeights);
        _starts = new int[log.ItemCount + 1];
        Partners = new int[count];
        After = sortedWeights[..count];
        Before = new float[count];
        Out = new float[log.ItemCount];
        Mass = new float[log.ItemCount];
        for (var i = 0; i < count; i++)
        {
            _starts[(int)(sortedKeys[i] >> 32) + 1]++;
            Partners[i] = (int)sortedKeys[i];
        }

        for (var item = 0; item < log.ItemCount; item++) _starts[item + 1] += _starts[item];
        for (var item = 0; item < log.ItemCount; item++)
        {
            for (var i = _starts[item]; i < _starts[item + 1]; i++)
            {
                Before[i] = After[Array.BinarySearch(Partners, _starts[Partners[i]], _starts[Partners[i] + 1] - _starts[Partners[i]], item)];
                Out[item] += After[i];
                Mass[item] += After[i] + Before[i];
            }
        }
    }

    /// <summary>Partners of all items, see <see cref="Of"/>.</summary>
    public int[] Partners { get; }

    /// <summary>Weight with which the partner comes after the item.</summary>
    public float[] After { get; }

    /// <summary>Weight with which it comes before.</summary>
    public float[] Before { get; }

    /// <summary>Weight of all that comes after an item.</summary>
    public float[] Out { get; }

    /// <summary>Weight of all pairs of an item.</summary>
    public float[] Mass { get; }

    /// <summary>Where an item's partners lie.</summary>
    public (int From, int To) Of(int item) => (_starts[item], _starts[item + 1]);

    private static void Gather(SessionLog log, List<long> keys, List<float> weights)
    {
        for (var s = 0; s < log.Count; s++)
        {
            var fresh = Math.Exp(-AgeDecay * (log.Count - 1 - s) / log.Count);
            var items = log[s];
            for (var i = 0; i < items.Length; i++)
            {
                for (var j = i + 1; j < items.Length && j - i <= MostDistance; j++)
                {
                    keys.Add(((long)items[i] << 32) | (uint)items[j]);
                    weights.Add((float)(fresh / (j - i)));
                    keys.Add(((long)items[j] << 32) | (uint)items[i]); // the other end, so that it finds the pair too
                    weights.Add(0);
                }
            }
        }
    }

    private static int Merge(long[] keys, float[] weights)
    {
        var count = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            if (count > 0 && keys[count - 1] == keys[i]) weights[count - 1] += weights[i];
            else (keys[count], weights[count++]) = (keys[i], weights[i]);
        }

        return count;
    }
}
