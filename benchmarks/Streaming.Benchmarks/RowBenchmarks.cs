using BenchmarkDotNet.Attributes;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;

namespace Streaming.Benchmarks;

/// <summary>Stage Snapshot: a profile to the bytes of its row, and back.</summary>
[MemoryDiagnoser]
public class RowBenchmarks
{
    private readonly RowWriter _row = new(64 * 1024);
    private UserState? _user;
    private UserRowCodec? _codec;
    private byte[] _bytes = [];

    /// <summary>Events of the user: a ring holds the first, not the second.</summary>
    [Params(20, 500)]
    public int Events { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var items = new ItemDictionary();
        var state = ShopEvents.State(items, 10_000);
        var decoded = new DecodedBatch();
        new EventDecoder(1, TimeSpan.FromMinutes(5)).Decode(ShopEvents.Records(Events, users: 1, items: 10_000, seed: 3), 0, decoded);
        _user = ShopEvents.Users(decoded, state)[0];
        for (var i = 0; i < decoded.Count; i++)
        {
            ref readonly var e = ref decoded.Events[i];
            UserFold.Apply(_user, in e, items.GetOrAdd(decoded.Of(e.Item)), null, state, NoOutputs.Instance);
        }

        _codec = new UserRowCodec(items);
        Encode();
        _bytes = _row.Written.ToArray();
        Console.WriteLine($"// a user of {Events} events: {_bytes.Length} bytes");
    }

    [Benchmark]
    public int Encode()
    {
        _row.Truncate(0);
        _codec!.Encode(_user!, _row);
        return _row.Length;
    }

    [Benchmark]
    public UserState Decode() => _codec!.Decode(_bytes, _user!.Key);
}
