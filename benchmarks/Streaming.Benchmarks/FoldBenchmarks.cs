using BenchmarkDotNet.Attributes;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Items;

namespace Streaming.Benchmarks;

/// <summary>
/// Stage Fold: one event on one profile; an operation is one event. With few users all profiles are in the processor's caches, with many nearly none is. Event ids are left out, so that the same batch can be applied again and
/// again; what the duplicate window costs is in <c>bench fold</c>.
/// </summary>
[MemoryDiagnoser]
public class FoldBenchmarks
{
    private const int Events = 100_000, Items = 100_000;
    private DecodedBatch _decoded = new();
    private ShardState? _state;
    private UserState[] _users = [];
    private int[] _items = [];

    [Params(500, 100_000)]
    public int Users { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var items = new ItemDictionary();
        _state = ShopEvents.State(items, Items);
        new EventDecoder(1, TimeSpan.FromMinutes(5)).Decode(ShopEvents.Records(Events, Users, Items, seed: 2), 0, _decoded);
        _users = ShopEvents.Users(_decoded, _state);
        _items = new int[Events];
        for (var i = 0; i < Events; i++)
        {
            ref var e = ref _decoded.Events[i];
            _items[i] = items.GetOrAdd(_decoded.Of(e.Item));
            e.EventIdHash = 0;
        }

        for (var round = 0; round < 3; round++) Fold(); // rings full, arrays grown
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public long Fold()
    {
        var events = _decoded.Events;
        for (var i = 0; i < events.Length; i++) UserFold.Apply(_users[i], in events[i], _items[i], null, _state!, NoOutputs.Instance);
        return _users[0].EventCount;
    }
}
