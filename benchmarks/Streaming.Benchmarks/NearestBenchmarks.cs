using BenchmarkDotNet.Attributes;
using Streaming.Core.Fold;
using Streaming.Core.Items;

namespace Streaming.Benchmarks;

/// <summary>Exact nearest items of a few query vectors in one pass over all, against the floor: a plain sum over the same bytes.</summary>
public class NearestBenchmarks
{
    private readonly NearestItems _byBytes = new(), _byVectors = new(byCodes: false);
    private ItemVectorTable? _table;
    private TopItems? _top;

    [Params(100_000)]
    public int Items { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var items = new ItemDictionary();
        _table = ShopEvents.State(items, Items).Vectors;
        _top = new TopItems(items);
    }

    [Benchmark(Baseline = true)]
    public float SumOfAll() => System.Numerics.Tensors.TensorPrimitives.Sum(_table!.VectorsOf(1));

    [Benchmark]
    public int SearchByBytes() => Search(_byBytes);

    [Benchmark]
    public int SearchByVectors() => Search(_byVectors);

    private int Search(NearestItems nearest)
    {
        nearest.Begin();
        nearest.AddQuery(_table!.Vector(1), 1);
        _top!.Reset(60);
        nearest.Search(_table, AllItems.Instance, _top);
        return _top.Count;
    }

    private sealed class AllItems : IItemFilter
    {
        public static readonly AllItems Instance = new();

        public bool IsBlocked(int item) => false;
    }
}
