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
        using var engine = new EngineNeighbourMethod(files.Ids, files.Train);
        Near(51.9, 18.3, 0.2, engine, files, counts); // VMIS-kNN
    }

    [Fact]
    public void Neighbours_on_YooChoose_give_their_measured_figures()
    {
        var files = Read("yoochoose-100k-train.tsv.gz", "yoochoose-100k-test.tsv.gz", NextItemFormat.Clicks);
        Assert.Equal(10_152, files.Test.Count);
        var counts = new ItemCounts(files.Train);
        Near(8.9, null, 0.1, new PopularMethod(counts), files, counts);
        using var engine = new EngineNeighbourMethod(files.Ids, files.Train);
        Near(68.7, 35.6, 0.5, engine, files, counts);
    }

    private static NextItemFiles Read(string train, string test, NextItemFormat format)
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(folder)) Assert.Skip($"{Variable} names no folder with the public next-item files");
        return NextItemFiles.Read(new NextItemOptions { Train = Path.Combine(folder, train), Test = Path.Combine(folder, test), Format = format });
    }

    private static void Near(double p20, double? mrr20, double within, INextItemMethod method, NextItemFiles files, ItemCounts counts)
    {
        var ranks = RankRun.Ranks(method, files.Test, counts.Clicks, IdOrder.Places(files.Ids, files.Train.ItemCount));
        Assert.InRange(100 * NextItemFigures.P20(ranks), p20 - within, p20 + within);
        if (mrr20 is { } mrr) Assert.InRange(100 * NextItemFigures.Mrr20(ranks), mrr - within, mrr + within);
    }
}
