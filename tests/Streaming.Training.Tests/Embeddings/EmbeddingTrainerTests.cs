using System.Text;
using Streaming.Contracts;
using Streaming.Core.Items;
using Streaming.Core.Score;
using Streaming.Training.Embeddings;
using Streaming.Training.History;
using Streaming.Training.Simulate;

namespace Streaming.Training.Tests.Embeddings;

public sealed class EmbeddingTrainerTests
{
    [Fact]
    public void Fit_any_number_of_threads_gives_the_same_bytes()
    {
        var sessions = Clusters(300);
        var options = new EmbeddingTrainerOptions { Dimensions = 8 };
        var one = VectorTableBlob.Write(8, EmbeddingTrainer.Fit(sessions, options));
        Assert.Equal(one, VectorTableBlob.Write(8, EmbeddingTrainer.Fit(sessions, options)));
        Assert.Equal(one, VectorTableBlob.Write(8, EmbeddingTrainer.Fit(sessions, options with { Threads = 4 })));
    }

    [Fact]
    public void Fit_items_that_share_sessions_are_near()
    {
        var entries = EmbeddingTrainer.Fit(Clusters(600), new EmbeddingTrainerOptions { Dimensions = 8 }).ToDictionary(e => Encoding.UTF8.GetString(e.ItemId), e => e.Vector);
        Assert.Equal(24, entries.Count);
        var within = Dot(entries["c0-1"], entries["c0-2"]);
        var across = Dot(entries["c0-1"], entries["c1-2"]);
        Assert.True(within > across + 0.5, $"{within} within, {across} across");
        Assert.All(entries.Values, v => Assert.InRange(Dot(v, v), 0.999, 1.001));
    }

    [Fact]
    public void Fit_rare_items_get_no_vector()
    {
        ItemSession rare = new(["c0-1", "rare"], true);
        Assert.DoesNotContain(EmbeddingTrainer.Fit([.. Clusters(300), rare], new EmbeddingTrainerOptions { Dimensions = 8 }), e => Encoding.UTF8.GetString(e.ItemId) == "rare");
    }

    [Fact]
    public void Fit_without_pairs_is_refused() =>
        Assert.Contains("no two items", Assert.Throws<ArgumentException>(() => EmbeddingTrainer.Fit([new(["a"], true)], new EmbeddingTrainerOptions())).Message, StringComparison.Ordinal);

    [Fact]
    public void Jacobi_solves_a_known_matrix()
    {
        var (values, vectors) = JacobiEigen.Of([2, 1, 0, 1, 2, 0, 0, 0, 5], 3);
        Assert.Equal([1, 3, 5], values.Order().Select(v => Math.Round(v, 10)));
        var column = Array.IndexOf(values, values.First(v => Math.Abs(v - 3) < 1e-9));
        Assert.Equal(vectors[column], vectors[3 + column], 9);
    }

    [Fact]
    public void Split_cuts_at_silence_and_at_another_session_id()
    {
        var events = new TrainingEvent[]
        {
            new("u", EventType.View, 0, "a"), new("u", EventType.View, 60_000, "b"), new("u", EventType.View, 7_200_000, "c", "s1"), new("u", EventType.View, 7_201_000, "d", "s2"),
            new("u", EventType.Search, 7_202_000),
        };
        var sessions = SessionSplitter.Split(events, TimeSpan.FromMinutes(30)).Select(s => string.Join(',', s.Items) + (s.IsOrdered ? "" : "!"));
        Assert.Equal(["a,b", "c!", "d!"], sessions);
    }

    [Fact]
    public async Task Run_writes_a_table_that_the_engine_reads()
    {
        var folder = Directory.CreateTempSubdirectory("streaming-embed-").FullName;
        try
        {
            var history = SyntheticShop.Generate(new SyntheticShopOptions { Items = 150, Users = 100, Days = 20, Sessions = 1_500 });
            var options = new TrainEmbeddingsOptions { History = history, OutputFolder = folder, Trainer = new() { Dimensions = 16 } };
            var result = await TrainEmbeddingsCommand.RunAsync(options, cancellation: TestContext.Current.CancellationToken);
            var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, "items.bin"), TestContext.Current.CancellationToken);
            var manifest = ModelManifestJson.Read(await File.ReadAllBytesAsync(Path.Combine(folder, "manifest.json"), TestContext.Current.CancellationToken));
            Assert.Equal(VectorTableBlob.Sha256(bytes), manifest.Sha256);
            Assert.Equal(result.Metrics["items"], VectorTableBlob.Read(bytes, 16).Length);
            Assert.True(result.Metrics["hit20"] > result.Metrics["hit20Attributes"] / 2);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ItemSession[] Clusters(int sessions)
    {
        var random = new SeededRandom(7);
        return [.. Enumerable.Range(0, sessions).Select(s => new ItemSession([.. Enumerable.Range(0, 5).Select(_ => $"c{s % 4}-{random.Below(6)}").Distinct()], true))];
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
