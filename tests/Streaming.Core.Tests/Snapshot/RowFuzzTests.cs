using System.Buffers.Binary;
using System.Text;
using Streaming.Core.Errors;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Score;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Snapshot;

/// <summary>Everything that is read back from a store or a file: damaged bytes are refused with the reader's own error, whatever they are. Checksums are put right, or nothing behind them would ever be reached.</summary>
[Collection("control records")]
public sealed class RowFuzzTests(ITestOutputHelper output)
{
    private const int ByDefault = 20_000;

    [Fact]
    public void User_row_is_read_or_refused()
    {
        var samples = Enumerable.Range(0, 50).Select(seed => { var items = new ItemDictionary(); var user = UserSamples.Make(seed, items); if (seed % 3 == 0) user.AlertedAtMs = seed; return UserSamples.Encode(user, items); }).ToArray();
        var dictionary = new ItemDictionary();
        var codec = new UserRowCodec(dictionary);
        Run<CorruptRowException>("user rows", samples, WithLength, bytes =>
        {
            // A row that is read must be one that can be written and read again.
            var user = codec.Decode(bytes, Core.Events.UserKey.User("u"));
            if (!user.IsRingWhole || user.InterestCount == 0) codec.Decode(UserSamples.Encode(user, dictionary), user.Key);
            if (dictionary.Count > 100_000) codec = new UserRowCodec(dictionary = new ItemDictionary());
            return true;
        });
    }

    [Fact]
    public void Shard_row_is_read_or_refused() =>
        Run<CorruptRowException>("shard rows", [.. ShardSamples.Rows(), .. ShardSamples.RowsOfVersion2(), .. ShardSamples.RowsOfVersion3()], WithChecksum, bytes => ShardRowCodec.Decode(bytes) is not null);

    [Fact]
    public void Vector_table_is_read_or_refused()
    {
        var samples = Enumerable.Range(1, 9).Select(n => VectorTableBlob.Write(8, Enumerable.Range(0, n).Select(i => new VectorTableEntry(Encoding.UTF8.GetBytes($"i{i}"), new float[8])))).ToArray();
        Run<CorruptRowException>("vector tables", samples, WithChecksum, bytes => VectorTableBlob.Read(bytes, 8) is not null);
    }

    [Fact]
    public void Saved_item_index_is_read_or_refused()
    {
        using var shop = new Items.TestShop();
        shop.Index.Apply([.. Enumerable.Range(0, 60).Select(s => Items.TestShop.Views($"s{s}", (ulong)s, Items.TestShop.StartMs + s, $"i{s % 7}", $"i{s * 3 % 11}", $"i{s % 5}"))]);
        shop.Index.Refresh();
        using var stream = new MemoryStream();
        shop.Index.Save(stream, [1, 2, 3]);
        Run<CorruptRowException>("saved item indexes", [stream.ToArray()], WithFrameChecksums, bytes =>
        {
            ItemIndex.Load(new MemoryStream(bytes), new ItemDictionary(), shop.Index.Options, out _).Dispose();
            return true;
        }, ByDefault / 20);
    }

    [Fact]
    public void Model_manifest_is_read_or_refused()
    {
        var manifest = new ModelManifest
        {
            Kind = "ranker", Name = "ranker", Version = "1", File = "model.onnx", Sha256 = new string('a', 64), Inputs = [], Outputs = [], Features = ["a", "b"], FeatureHash = "h",
            Metrics = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["auc"] = 0.5 }, CreatedBy = "train",
        };
        Run<ModelRefusedException>("model manifests", [ModelManifestJson.Write(manifest)], bytes => bytes, bytes => ModelManifestJson.Read(bytes) is not null, mutate: Fuzz.MutateJson);
    }

    [Fact]
    public void Settings_fact_is_read_or_refused() =>
        Run<CorruptRowException>("settings facts", [Encoding.UTF8.GetBytes(FoldSettingsJson.Write(new FoldOptions(), ConsentFlags.All))], bytes => bytes, bytes => FoldSettingsJson.Read(Encoding.UTF8.GetString(bytes)) is not null,
            mutate: Fuzz.MutateJson);

    /// <summary>Each reader meets every kind: whose record it is, is told by the bytes alone.</summary>
    [Theory]
    [InlineData("requests")]
    [InlineData("tables")]
    [InlineData("batches")]
    [InlineData("repairs")]
    public void Control_record_is_read_or_refused(string kind)
    {
        byte[][] samples = [.. ShardSamples.Lines("control-v1.jsonl"), .. ShardSamples.Lines("control-kinds-v1.jsonl"), """{"kind":"request","requestId":"q","type":"pause"}"""u8.ToArray()];
        Func<byte[], bool> reader = kind switch
        {
            "requests" => b => ControlJson.ReadRequest(b) is not null,
            "tables" => b => ControlJson.ReadTable(b) is not null,
            "batches" => b => ControlJson.ReadBatch(b) is not null,
            _ => b => ControlJson.ReadRepair(b) is not null,
        };
        // Requests and tables that cannot be read are left out.
        var mayRefuse = kind is "batches" or "repairs";
        Run<CorruptRowException>("control records by the reader of " + kind, samples, bytes => bytes, reader, mutate: Fuzz.MutateJson, outcomes: mayRefuse ? [FuzzRun.Read, FuzzRun.Refused, FuzzRun.LeftOut] : [FuzzRun.Read, FuzzRun.LeftOut]);
    }

    [Fact]
    public void Link_record_is_read_or_left_out() =>
        Run<NoException>("link records", [.. ShardSamples.Lines("links-v1.jsonl"), .. ShardSamples.Lines("links-v2.jsonl")], bytes => bytes, bytes => LinkJson.Read(bytes) is not null, mutate: Fuzz.MutateJson,
            outcomes: [FuzzRun.Read, FuzzRun.LeftOut]);

    private void Run<TRefusal>(string reader, byte[][] samples, Func<byte[], byte[]> repair, Func<byte[], bool> read, int byDefault = ByDefault, Func<byte[][], int, byte[]>? mutate = null, string[]? outcomes = null)
        where TRefusal : Exception =>
        FuzzRun.Of<TRefusal>(output, reader, read).Run(Fuzz.Inputs(byDefault), seed => repair((mutate ?? Fuzz.Mutate)(samples, seed)), outcomes ?? [FuzzRun.Read, FuzzRun.Refused]);

    private static byte[] WithChecksum(byte[] row)
    {
        if (row.Length >= 4) BinaryPrimitives.WriteUInt32LittleEndian(row.AsSpan(row.Length - 4), Crc32C.Of(row.AsSpan(0, row.Length - 4)));
        return row;
    }

    // The content's length too, for half of the rows.
    private static byte[] WithLength(byte[] row)
    {
        if (row.Length > 60 && row[^5] % 2 == 0 && BinaryPrimitives.ReadUInt32LittleEndian(row.AsSpan(2)) > row.Length - 10) BinaryPrimitives.WriteUInt32LittleEndian(row.AsSpan(2), (uint)(row.Length - 60));
        return WithChecksum(row);
    }

    // Each frame of the saved index stands behind its length and its checksum.
    private static byte[] WithFrameChecksums(byte[] file)
    {
        for (var at = 0; at + 8 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));
            if (length < 1 || length > file.Length - at - 8) break;
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at + 4), Crc32C.Of(file.AsSpan(at + 8, length)));
            at += 8 + length;
        }

        return file;
    }

    private sealed class NoException : Exception;
}
