using Streaming.Core.Items;
using Streaming.Training.Evaluate;
using Streaming.Training.NextItem;
using Xunit;

namespace Streaming.Training.Tests.NextItem;

/// <summary>The protocol on public files: where cheap baselines give their published figures, the judge counts as others do.</summary>
public sealed class RealDataTests
{
    private const string Variable = "STREAMING_TEST_NEXT_ITEM";

    [Fact]
    public void Baselines_on_Diginetica_give_their_published_figures()
    {
        var files = Read("diginetica-train-sessions.txt.gz", "diginetica-test-prefix-target.tsv.gz", NextItemFormat.Sessions);
        Assert.Equal((60_858, 43_097), (files.Test.Count, files.Train.ItemCount));
        var counts = new ItemCounts(files.Train);
        Near(0.9, 0.2, 0.1, new PopularMethod(counts), files, counts);
        Near(21.1, 13.7, 0.1, new SessionPopularMethod(counts), files, counts);
        Near(50.8, 17.9, 0.1, new NeighbourMethod("", new NeighbourIndex(files.Train, counts), NeighbourSettings.Plain), files, counts);
        using var engine = new EngineNeighbourMethod(files.Ids, files.Train);
        AtLeast(51.9, 18.3, engine, files, counts); // what a plain VMIS-kNN has, which the engine's once was
    }

    [Fact]
    public void Neighbours_on_YooChoose_give_their_measured_figures()
    {
        var files = Read("yoochoose-100k-train.tsv.gz", "yoochoose-100k-test.tsv.gz", NextItemFormat.Clicks);
        Assert.Equal(10_152, files.Test.Count);
        var counts = new ItemCounts(files.Train);
        Near(8.9, null, 0.1, new PopularMethod(counts), files, counts);
        using var engine = new EngineNeighbourMethod(files.Ids, files.Train);
        AtLeast(68.2, 35.1, engine, files, counts);
    }

    // The train file alone: trees are counted on its choice slice.
    [Fact]
    public void Fewer_trees_on_YooChoose_lose_what_was_measured()
    {
        var (ids, settings) = (new ItemDictionary(), new HybridSettings());
        using var stream = InputFile.Open(FileOf("yoochoose-100k-train.tsv.gz"));
        var log = ClickFiles.ReadTrain(stream, ids, new RowReader());
        var encoder = settings.Encoder with { Epochs = 6, MostEpochs = 6, LeastSteps = 0 };
        var hybrid = new HybridTrainer(log, IdOrder.Places(ids, log.ItemCount), settings with { Encoder = encoder }, 1).Train(null, TestContext.Current.CancellationToken);
        Assert.InRange(hybrid.Trees.Count, 60, 150);
        foreach (var (trees, p20, mrr20) in ((int, double, double)[])[(5, 65.2, 34.3), (20, 66.0, 35.2), (50, 66.3, 35.7), (hybrid.Trees.Count, 66.9, 36.0)])
        {
            Assert.InRange(100 * hybrid.Curve[trees - 1].P20, p20 - 0.3, p20 + 0.3);
            Assert.InRange(100 * hybrid.Curve[trees - 1].Mrr20, mrr20 - 0.3, mrr20 + 0.3);
        }
    }

    private static NextItemFiles Read(string train, string test, NextItemFormat format) =>
        NextItemFiles.Read(new NextItemOptions { Train = FileOf(train), Test = FileOf(test), Format = format });

    private static string FileOf(string name)
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(folder)) Assert.Skip($"{Variable} names no folder with the public next-item files");
        return Path.Combine(folder, name);
    }

    private static void AtLeast(double p20, double mrr20, INextItemMethod method, NextItemFiles files, ItemCounts counts)
    {
        var ranks = RankRun.Ranks(method, files.Test, counts.Clicks, IdOrder.Places(files.Ids, files.Train.ItemCount));
        Assert.InRange(100 * NextItemFigures.P20(ranks), p20, 100);
        Assert.InRange(100 * NextItemFigures.Mrr20(ranks), mrr20, 100);
    }

    private static void Near(double p20, double? mrr20, double within, INextItemMethod method, NextItemFiles files, ItemCounts counts)
    {
        var ranks = RankRun.Ranks(method, files.Test, counts.Clicks, IdOrder.Places(files.Ids, files.Train.ItemCount));
        Assert.InRange(100 * NextItemFigures.P20(ranks), p20 - within, p20 + within);
        if (mrr20 is { } mrr) Assert.InRange(100 * NextItemFigures.Mrr20(ranks), mrr - within, mrr + within);
    }
}
