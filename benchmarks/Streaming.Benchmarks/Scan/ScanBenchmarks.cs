using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Streaming.Core.Fold;
using Streaming.Core.Items;

namespace Streaming.Benchmarks.Scan;

/// <summary>The exact scan of 1 M vectors of 64 floats as it is and as it could be, against a plain sum over the same bytes. Before it measures it holds the answers against each other.</summary>
public class ScanBenchmarks
{
    private const int Items = 1_000_000, Dimensions = 64, Best = 60;
    private readonly NearestItems _nearest = new();
    private readonly BestRows _rows = new(Best);
    private float[] _vectors = [], _inverseNorms = [], _query = [];
    private ItemVectorTable? _table;
    private TopItems? _top;
    private ByteScan? _bytes;

    [GlobalSetup]
    public void SetUp()
    {
        var random = new Random(1);
        _vectors = new float[Items * Dimensions];
        for (var i = 0; i < _vectors.Length; i++) _vectors[i] = (random.NextSingle() * 2) - 1;
        _inverseNorms = [.. Enumerable.Range(0, Items).Select(i => 1 / TensorPrimitives.Norm<float>(Row(i)))];
        _bytes = new ByteScan(_vectors, _inverseNorms, Dimensions);
        _query = Row(7).ToArray();
        TensorPrimitives.Multiply(_query, _inverseNorms[7], _query);
        var items = new ItemDictionary();
        _table = new ItemVectorTable(items, Dimensions);
        _table.AddVersion("scan", Enumerable.Range(0, Items).Select(i => (BitConverter.GetBytes(i), Row(i).ToArray())));
        _top = new TopItems(items);
        Hold(nameof(Blocked), () => Blocked(), [.. Exact()]);
        Hold(nameof(Bytes), () => Bytes(), [.. Exact()]);
    }

    // As wide as the machine reads, so that it is the memory that is waited for.
    [Benchmark(Baseline = true)]
    public float SumOfAll()
    {
        var values = MemoryMarshal.Cast<float, Vector<float>>(_vectors);
        Vector<float> a = default, b = default, c = default, d = default;
        for (var i = 0; i + 4 <= values.Length; i += 4)
        {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }

        return Vector.Sum(a + b + (c + d));
    }

    [Benchmark]
    public int Current()
    {
        _nearest.Begin();
        _nearest.AddQuery(_query, 1);
        _top!.Reset(Best);
        _nearest.Search(_table!, AllItems.Instance, _top);
        return _top.Count;
    }

    [Benchmark]
    public float Blocked()
    {
        _rows.Clear();
        BlockedScan.Search(_vectors, _inverseNorms, _query, Dimensions, _rows);
        return _rows.Worst;
    }

    [Benchmark]
    public float Bytes()
    {
        _rows.Clear();
        _bytes!.Search(_vectors, _inverseNorms, _query, Best, _rows);
        return _rows.Worst;
    }

    private ReadOnlySpan<float> Row(int i) => _vectors.AsSpan(i * Dimensions, Dimensions);

    private IEnumerable<int> Exact() => Enumerable.Range(0, Items).Select(i => (Row: i, Score: TensorPrimitives.Dot(Row(i), _query) * _inverseNorms[i])).OrderByDescending(s => s.Score).Take(Best).Select(s => s.Row);

    private void Hold(string name, Action search, int[] exact)
    {
        search();
        if (!_rows.Sorted().Select(r => r.Row).SequenceEqual(exact)) throw new InvalidOperationException($"{name} finds others than the exact scan");
    }

    private sealed class AllItems : IItemFilter
    {
        public static readonly AllItems Instance = new();

        public bool IsBlocked(int item) => false;
    }
}
