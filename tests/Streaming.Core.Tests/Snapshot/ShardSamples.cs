using System.Text;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Snapshot;

/// <summary>Shard rows and lines of the recorded internal topics.</summary>
internal static class ShardSamples
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Snapshot", "Golden");

    public static byte[][] Lines(string file) => [.. File.ReadAllLines(Path.Combine(Folder, file)).Select(Encoding.UTF8.GetBytes)];

    public static byte[][] Rows() => [.. Enumerable.Range(0, 8).Select((int n) => Row(n))];

    /// <summary>Rows of stores whose due index has buckets of another width than the first version's.</summary>
    public static byte[][] RowsOfVersion2() => [.. Enumerable.Range(0, 8).Select(n => Row(n, (n + 1) * 60_000))];

    /// <summary>Rows of shards that have taken alerts from a day's budget.</summary>
    public static byte[][] RowsOfVersion3() => [.. Enumerable.Range(0, 8).Select(n => Row(n, (n + 1) * 60_000, n + 1))];

    public static byte[] Row(int n) => Row(n, ShardRowCodec.FirstBucketMs);

    private static byte[] Row(int n, long bucketMs, int alerts = 0)
    {
        var memory = new ShardMemory(new ItemDictionary(), 8, new ShardOptions()) { BucketMs = bucketMs, Position = new ShardOffsets(100 + n, 7, 3) };
        var state = memory.State;
        state.Sequence = 41 + n;
        state.StreamTimeMs = 1_700_000_000_000 + n;
        state.ConsentDefault = ConsentFlags.All;
        state.OutputsFromMs = n * 1000L;
        for (var i = 0; i < n % 3; i++) state.AddSettings(new FoldSettings(new FoldOptions { Dimensions = 8 }, ConsentFlags.None));
        state.Historical = n % 2 == 0; // a settings fact ends it
        for (var i = 0; i < n % 4; i++) state.AddTable(new string((char)('a' + i), 64), i == 0, []);
        if (n > 4) state.Paused.Add("recommendations");
        if (alerts > 0) state.Spend(20_000 - n, alerts);
        for (var i = 0; i < n; i++) state.AppliedRequests.Add($"request {i} é");
        var (open, row) = (new RowWriter(), new RowWriter());
        ShardRowCodec.EncodeOpen(memory, open);
        ShardRowCodec.Close(open.Written, 5 + n, row);
        return row.Written.ToArray();
    }
}
