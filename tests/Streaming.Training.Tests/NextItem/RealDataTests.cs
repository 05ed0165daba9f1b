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
        Near(0.9, 0.2, new PopularMethod(counts), files, counts);
        Near(21.1, 13.7, new SessionPopularMethod(counts), files, counts);
        Near(35.3, 11.2, new ItemNeighbourMethod(new NeighbourIndex(files.Train, counts), counts), files, counts);
        Near(51.9, 18.3, new NeighbourMethod("", new NeighbourIndex(files.Train, counts), NeighbourSettings.Plain), files, counts);
    }

    [Fact]
    public void Neighbours_on_YooChoose_give_their_measured_figures()
    {
        var files = Read("yoochoose-100k-train.tsv.gz", "yoochoose-100k-test.tsv.gz", NextItemFormat.Clicks);
        Assert.Equal(10_152, files.Test.Count);
        var counts = new ItemCounts(files.Train);
        Near(8.9, null, new PopularMethod(counts), files, counts);
        Near(68.7, 35.6, new NeighbourMethod("", new NeighbourIndex(files.Train, counts), NeighbourSettings.Plain), files, counts);
    }

    private static NextItemFiles Read(string train, string test, NextItemFormat format)
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(folder)) Assert.Skip($"{Variable} names no folder with the public next-item files");
        return NextItemFiles.Read(new NextItemOptions { Train = Path.Combine(folder, train), Test = Path.Combine(folder, test), Format = format });
    }

    private static void Near(double p20, double? mrr20, INextItemMethod method, NextItemFiles files, ItemCounts counts)
    {
        var ranks = RankRun.Ranks(method, files.Test, counts.Clicks, IdOrder.Places(files.Ids, files.Train.ItemCount));
        Assert.InRange(100 * NextItemFigures.P20(ranks), p20 - 1.5, p20 + 1.5);
        if (mrr20 is { } mrr) Assert.InRange(100 * NextItemFigures.Mrr20(ranks), mrr - 1, mrr + 1);
    }
}
