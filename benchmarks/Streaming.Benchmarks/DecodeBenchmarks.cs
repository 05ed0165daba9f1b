using BenchmarkDotNet.Attributes;
using Streaming.Core.Decode;
using Streaming.Core.Shard;

namespace Streaming.Benchmarks;

/// <summary>Stage Decode: JSON of a batch to events; an operation is one event.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private const int Events = 4_000;
    private readonly EventDecoder _decoder = new(1, TimeSpan.FromMinutes(5));
    private readonly DecodedBatch _decoded = new();
    private RecordBatch _records = new();

    [GlobalSetup]
    public void SetUp() => _records = ShopEvents.Records(Events, users: 100_000, items: 100_000, seed: 1);

    [Benchmark(OperationsPerInvoke = Events)]
    public int Decode()
    {
        _decoder.Decode(_records, 0, _decoded);
        return _decoded.Count;
    }
}
