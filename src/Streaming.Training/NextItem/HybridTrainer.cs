using Streaming.Training.Trees;

namespace Streaming.Training.NextItem;

/// <summary>
/// Trains the hybrid on a train file. The file is cut by time: past, labels, choice. 1. Settings of the neighbours: past and labels answer the choice rows. 2. All sources are fitted on the
/// past alone, so that no session is its own neighbour. 3. The ranker learns the labels from them; the choice rows say when to end. 4. With all settings frozen the sources are fitted anew on
/// the whole file.
/// </summary>
/// <param name="log">Train sessions.</param>
/// <param name="places">Places of the items in the order of their ids.</param>
/// <param name="settings">Settings; the neighbours' are replaced by those chosen.</param>
/// <param name="seed">Seed.</param>
internal sealed class HybridTrainer(SessionLog log, int[] places, HybridSettings settings, int seed)
{
    private const int ChooseNeighboursOn = 4000, ChooseTreesOn = 5000, RowsAPosition = 75;

    /// <summary>Trains.</summary>
    /// <param name="progress">Stage and share of it.</param>
    /// <param name="cancellation">Ends it early.</param>
    public Hybrid Train(IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var shares = settings.Shares(log.Clicks - log.Count);
        var choiceFrom = log.FirstOfLast(shares.Choice);
        var labelsFrom = log.FirstOfLast(shares.Choice + shares.Labels);
        var chosen = settings with { Neighbours = ChooseNeighbours(choiceFrom, progress, cancellation) }; // 1
        var past = Fit(log.Slice(0, labelsFrom), chosen, "fit past", progress, cancellation); // 2
        var labels = Rows(past, Positions.Of(log.Slice(labelsFrom, choiceFrom), settings.MaxRows / RowsAPosition, Random(2)), Random(3), progress, cancellation); // 3
        var choiceRows = Rows(past, Positions.Of(log.Slice(choiceFrom, log.Count), ChooseTreesOn, Random(4)), null, progress, cancellation);
        var choice = new RankerChoice(choiceRows);
        var trees = labels.Groups.Count == 0
            ? new BoostedTrees()
            : new TreeBooster(labels.Binned(chosen.Ranker.Bins), labels.Loss(), null, chosen.Ranker).Fit(choice.Value, Stage(progress, "fit ranker"), cancellation);
        var sources = Fit(log, chosen, "fit all", progress, cancellation); // 4
        return new Hybrid(sources, trees, labels.Starts[^1], choiceRows.Groups.Count + choiceRows.Missed, choice.Best, choice.Curve);
    }

    private static Inline? Stage(IProgress<TrainProgress>? progress, string stage) => progress is null ? null : new Inline(progress, stage);

    private SeededRandom Random(int use) => new(((ulong)seed << 8) + (ulong)use);

    private NeighbourSettings ChooseNeighbours(int choiceFrom, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var before = log.Slice(0, choiceFrom);
        var counts = new ItemCounts(before);
        var rows = Positions.Of(log.Slice(choiceFrom, log.Count), ChooseNeighboursOn, Random(1));
        return new NeighbourChooser(new NeighbourIndex(before, counts), counts, rows, places).Choose(settings.Neighbours, Stage(progress, "choose neighbours"), cancellation);
    }

    private NextItemSources Fit(SessionLog sessions, HybridSettings chosen, string stage, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var counts = new ItemCounts(sessions);
        var encoder = new EncoderTrainer(sessions, counts, chosen.Encoder, ((ulong)seed << 8) + 5).Train(null, Stage(progress, stage), cancellation);
        return new NextItemSources(counts, new NeighbourIndex(sessions, counts), new PairIndex(sessions), new ItemFacts(sessions, counts), encoder, chosen, places);
    }

    private static RankerRows Rows(NextItemSources sources, TestRows positions, SeededRandom? random, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var candidates = new HybridCandidates(sources);
        var rows = new RankerRows();
        for (var i = 0; i < positions.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            candidates.Gather(positions.Prefix(i));
            rows.Add(candidates, positions.Target(i), random);
            if (i % 100 == 0) progress?.Report(new TrainProgress("gather rows", (double)i / positions.Count));
        }

        return rows;
    }

    private sealed class Inline(IProgress<TrainProgress> progress, string stage) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new TrainProgress(stage, value));
    }
}
