using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Core.Score;
using Streaming.Core.Tests.Items;

namespace Streaming.Core.Tests.Snapshot;

/// <summary>
/// What version 1 left on disks and in stores beside rows, for ever: vector tables, the saved item index, model manifests. The recorded files are never made again; a new format gets files of its own beside them
/// (<c>STREAMING_WRITE_GOLDEN=FOLDER</c> writes what this version would record).
/// </summary>
public sealed class GoldenBlobTests
{
    private static readonly float[] Values = [0, -0f, 1, -1.5f, 3.25e-20f, float.Epsilon, float.MaxValue, -123.456f];

    [Fact]
    public void Vector_table_of_version_1_is_written_to_the_byte_and_read_to_the_bit()
    {
        var entries = ((string[])["i1", "é", "日本", new string('x', 200)]).Select((id, n) => new VectorTableEntry(Encoding.UTF8.GetBytes(id), [.. Values.Select((_, at) => Values[(at + n) % Values.Length])])).ToArray();
        Record("vector-table-v1.bin", VectorTableBlob.Write(8, entries));
        var golden = Read("vector-table-v1.bin");
        Assert.Equal(golden, VectorTableBlob.Write(8, entries)); // their sha256 is a table's name
        var read = VectorTableBlob.Read(golden, 8);
        Assert.Equal(entries.OrderBy(e => e.ItemId, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).Select(Describe), read.Select(Describe));
    }

    [Fact]
    public void Saved_item_index_of_version_1_is_read_and_recommends_what_it_did()
    {
        using var once = Shop(clicksAgain: false); // version 1 kept each item of a session once
        RecommendsAs(once, "item-index-v1.bin");
    }

    [Fact]
    public void Saved_item_index_of_version_2_is_read_and_recommends_what_it_did()
    {
        using var shop = Shop(clicksAgain: true);
        using var saved = new MemoryStream();
        shop.Index.Save(saved, [1, 2, 3]);
        Record("item-index-v2.bin", saved.ToArray());
        RecommendsAs(shop, "item-index-v2.bin");
    }

    [Fact]
    public void Model_manifest_of_version_1_is_written_to_the_byte_and_read_whole()
    {
        var manifest = new ModelManifest
        {
            Kind = "ranker", Name = "ranker é", Version = "7", File = "model.onnx", Sha256 = new string('a', 64), Files = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["weights.bin"] = new string('b', 64) },
            Inputs = [new TensorSpec("features", TensorSpec.Float32, [-1, 33])], Outputs = [new TensorSpec("score", TensorSpec.Float32, [-1, 1])], Features = ["recency", "price"], FeatureHash = "0123456789abcdef", EmbeddingVersion = "0123456789ab",
            Metrics = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["auroc"] = 0.75, ["logLoss"] = 0.5 }, DataFromMs = 1_700_000_000_000, DataToMs = 1_767_225_600_051, Seed = 1, CreatedBy = "streaming train ranker",
        };
        Record("model-manifest-v1.json", ModelManifestJson.Write(manifest));
        var golden = Read("model-manifest-v1.json");
        Assert.Equal(Encoding.UTF8.GetString(golden), Encoding.UTF8.GetString(ModelManifestJson.Write(manifest)));
        Assert.Equal(JsonSerializer.Serialize(manifest), JsonSerializer.Serialize(ModelManifestJson.Read(golden)));
    }

    private static void RecommendsAs(TestShop shop, string file)
    {
        using var again = new TestShop(numberFirst: ["zzz", "i7"]);
        using var loaded = ItemIndex.Load(new MemoryStream(Read(file)), again.Items, shop.Index.Options, out var position);
        again.Recommender = new Recommender(loaded, new RecallOptions { MinSupport = 1 }, new RerankOptions());
        Assert.Equal([1, 2, 3], position);
        Assert.Equal(shop.Index.NowMs, loaded.NowMs);
        for (var i = 0; i < 11; i++)
        {
            (string, EventType)[] actions = [($"i{i}", EventType.View)];
            Assert.Equal(shop.Recommend(shop.User(loaded.NowMs, actions), loaded.NowMs, 10), again.Recommend(again.User(loaded.NowMs, actions), loaded.NowMs, 10));
            Assert.Equal(Neighbours(shop, actions, loaded.NowMs), Neighbours(again, actions, loaded.NowMs));
        }
    }

    private static IEnumerable<KeyValuePair<string, float>> Neighbours(TestShop shop, (string, EventType)[] actions, long nowMs) =>
        shop.Source(shop.User(nowMs, actions), nowMs, CandidateSource.SessionNeighbours).OrderBy(p => p.Key, StringComparer.Ordinal);

    private static TestShop Shop(bool clicksAgain)
    {
        var shop = new TestShop();
        var sessions = Enumerable.Range(0, 60).Select(s => TestShop.Views($"s{s}", (ulong)s, TestShop.StartMs + (s * TestShop.MinuteMs), $"i{s % 7}", $"i{s * 3 % 11}", $"i{s % 5}"));
        shop.Learn([.. sessions.Select(s => clicksAgain ? s : s with { Actions = [.. s.Actions.DistinctBy(a => a.ItemId)] })]);
        return shop;
    }

    private static string Describe(VectorTableEntry entry) => $"{Encoding.UTF8.GetString(entry.ItemId)}: {string.Join(' ', entry.Vector.Select(BitConverter.SingleToInt32Bits))}";

    private static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(ShardSamples.Folder, file));

    private static void Record(string file, byte[] bytes)
    {
        if (Environment.GetEnvironmentVariable("STREAMING_WRITE_GOLDEN") is { } folder) File.WriteAllBytes(Path.Combine(folder, file), bytes);
    }
}
