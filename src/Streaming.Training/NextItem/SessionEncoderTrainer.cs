using System.Globalization;

namespace Streaming.Training.NextItem;

/// <summary>
/// Trains a session encoder to be kept. 1. The last slice in time is held out, and the encoder learns what was before it. 2. After each pass the slice is answered; where a few passes in a row are no better the training
/// ends, and the best one's number is kept. 3. Baselines answer the same positions. 4. With all settings frozen it learns everything, that many passes.
/// </summary>
/// <param name="log">Sessions in time order.</param>
/// <param name="places">Places of the items in the order of their ids.</param>
/// <param name="settings">Settings.</param>
/// <param name="seed">Seed.</param>
internal sealed class SessionEncoderTrainer(SessionLog log, int[] places, HybridSettings settings, int seed)
{
    private const int ChooseOn = 5000, Patience = 3, Draws = 1000;

    /// <summary>Trains.</summary>
    /// <param name="progress">Stage and share of it.</param>
    /// <param name="cancellation">Ends it early.</param>
    public SessionEncoderFit Train(IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var choice = Choose(progress, cancellation); // 1, 2, 3
        var planned = choice?.PlannedPasses ?? settings.Encoder.EpochsOver(log.Clicks - log.Count);
        var passes = choice?.Passes ?? planned;
        var trainer = Trainer(log, new ItemCounts(log), planned); // 4
        var made = 0;
        trainer.Train(_ => ++made < passes, Stage(progress, "fit all", (double)passes / planned), cancellation);
        return new SessionEncoderFit(trainer.Weights, passes, planned, choice);
    }

    private SessionEncoderChoice? Choose(IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var from = log.FirstOfLast(settings.Shares(log.Clicks - log.Count).Choice);
        var (before, rows) = (log.Slice(0, from), Rows(log.Slice(from, log.Count)));
        if (before.Clicks == before.Count || rows.Count == 0) return null;
        var counts = new ItemCounts(before);
        var planned = settings.Encoder.EpochsOver(before.Clicks - before.Count);
        var (passes, ranks) = BestPass(Trainer(before, counts, planned), counts, planned, rows, progress, cancellation);
        var encoder = new MethodRanks("encoder", ranks);
        bool[] isRepeat = [.. Enumerable.Range(0, rows.Count).Select(row => rows.Prefix(row).Contains(rows.Target(row)))];
        var bootstrap = new SessionBootstrap(rows.Sessions(), Draws, seed);
        INextItemMethod[] baselines = [new PopularMethod(counts), new NeighbourMethod("plainNeighbours", new NeighbourIndex(before, counts), NeighbourSettings.Plain)];
        var scores = new SortedDictionary<string, NextItemBaseline>(StringComparer.Ordinal);
        foreach (var baseline in baselines) // 3
        {
            progress?.Report(new TrainProgress($"answer by {baseline.Name}", 0));
            cancellation.ThrowIfCancellationRequested();
            scores.Add(baseline.Name, new MethodRanks(baseline.Name, RankRun.Ranks(baseline, rows, counts.Clicks, places)).Baseline(encoder, isRepeat, bootstrap));
        }

        var outside = Enumerable.Range(0, rows.Count).Count(row => counts.Clicks[rows.Target(row)] == 0);
        return new SessionEncoderChoice(rows.Count, outside, planned, passes, encoder.Scores(isRepeat, bootstrap), scores);
    }

    private (int Passes, int[] Ranks) BestPass(EncoderTrainer trainer, ItemCounts counts, int planned, TestRows rows, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var (pass, best, bestValue) = (0, 0, double.NegativeInfinity);
        int[] bestRanks = [];
        var stage = Stage(progress, "choose passes", 1);
        trainer.Train(
            loss =>
            {
                pass++;
                var ranks = RankRun.Ranks(new EncoderMethod(new EncoderScorer(trainer.Weights, counts, settings.Encoder)), rows, counts.Clicks, places);
                var (p20, mrr20) = (NextItemFigures.P20(ranks), NextItemFigures.Mrr20(ranks));
                stage?.Note = string.Create(CultureInfo.InvariantCulture, $"pass {pass}: loss {loss:0.000}, P@20 {p20:0.0000}, MRR@20 {mrr20:0.0000}");
                stage?.Report((double)pass / planned);
                var value = p20 + (2.5 * mrr20);
                if (value > bestValue) (best, bestValue, bestRanks) = (pass, value, ranks);
                return pass - best < Patience;
            },
            stage,
            cancellation);
        return (best, bestRanks);
    }

    // Whole sessions by chance, the longest prefix of each first, so that intervals can tell the sessions apart.
    private TestRows Rows(SessionLog slice)
    {
        int[] order = [.. Enumerable.Range(0, slice.Count)];
        new SeededRandom(((ulong)seed << 8) + 6).Shuffle<int>(order);
        var rows = new TestRows();
        foreach (var session in order)
        {
            if (rows.Count >= ChooseOn) break;
            for (var at = slice[session].Length - 1; at > 0; at--) rows.Add(slice[session][..at], slice[session][at]);
        }

        return rows;
    }

    private EncoderTrainer Trainer(SessionLog sessions, ItemCounts counts, int passes) =>
        new(sessions, counts, settings.Encoder with { Epochs = passes, MostEpochs = passes, LeastSteps = 0 }, ((ulong)seed << 8) + 5);

    private static Inline? Stage(IProgress<TrainProgress>? progress, string stage, double whole) => progress is null ? null : new Inline(progress, stage, whole);

    private sealed class Inline(IProgress<TrainProgress> progress, string stage, double whole) : IProgress<double>
    {
        /// <summary>What is known of the stage so far.</summary>
        public string? Note { get; set; }

        public void Report(double value) => progress.Report(new TrainProgress(stage, Math.Min(1, value / whole), Note));
    }
}
