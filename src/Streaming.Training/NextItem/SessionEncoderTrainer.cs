using System.Globalization;

namespace Streaming.Training.NextItem;

/// <summary>
/// Trains a session encoder to be kept. 1. The last slice in time is held out. 2. Encoders learn what was before it in more and more passes, until more are no better on the slice: a training cut short has had none of the
/// small steps that it was to end with, so that each number of passes is a training of its own. 3. Baselines answer the same positions. 4. With all settings frozen one learns everything, in as many passes as the best.
/// </summary>
/// <param name="log">Sessions in time order.</param>
/// <param name="places">Places of the items in the order of their ids.</param>
/// <param name="settings">Settings.</param>
/// <param name="seed">Seed.</param>
internal sealed class SessionEncoderTrainer(SessionLog log, int[] places, HybridSettings settings, int seed)
{
    private const int ChooseOn = 5000, MostOfSession = 200, Draws = 1000;
    private const double ChoiceShare = 0.75; // of the progress shown
    private static readonly int[] PassesTried = [2, 3, 4, 6, 8, 12];

    /// <summary>Trains.</summary>
    /// <param name="withHybrid">True: the sources and the ranker of the hybrid too, around the encoder that is kept.</param>
    /// <param name="progress">Stage and share of it.</param>
    /// <param name="cancellation">Ends it early.</param>
    public SessionEncoderFit Train(bool withHybrid, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var choice = Choose(progress, cancellation); // 1, 2, 3
        var passes = choice?.Passes ?? settings.Encoder.EpochsOver(log.Clicks - log.Count);
        if (!withHybrid) return new SessionEncoderFit(Fit(log, new ItemCounts(log), passes, Stage(progress, "fit all", ChoiceShare, 1), cancellation), passes, choice, null); // 4
        var hybrid = new HybridTrainer(log, places, settings with { Encoder = Frozen(passes) }, seed).Train(progress, cancellation); // its last fit is 4
        return new SessionEncoderFit(hybrid.Sources.Encoder, passes, choice, hybrid);
    }

    private SessionEncoderChoice? Choose(IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var from = log.FirstOfLast(settings.Shares(log.Clicks - log.Count).Choice);
        var (before, rows) = (log.Slice(0, from), Rows(log.Slice(from, log.Count)));
        if (before.Clicks == before.Count || rows.Count == 0) return null;
        var counts = new ItemCounts(before);
        var (passes, ranks) = ChoosePasses(before, counts, rows, progress, cancellation);
        var encoder = new MethodRanks("encoder", ranks);
        bool[] isRepeat = [.. Enumerable.Range(0, rows.Count).Select(row => rows.Prefix(row).Contains(rows.Target(row)))];
        var bootstrap = new SessionBootstrap(rows.Sessions(), Draws, seed);
        INextItemMethod[] baselines = [new PopularMethod(counts), new NeighbourMethod("plainNeighbours", new NeighbourIndex(before, counts), NeighbourSettings.Plain)];
        var scores = new SortedDictionary<string, NextItemBaseline>(StringComparer.Ordinal);
        foreach (var baseline in baselines) // 3
        {
            progress?.Report(new TrainProgress($"answer by {baseline.Name}", ChoiceShare));
            cancellation.ThrowIfCancellationRequested();
            scores.Add(baseline.Name, new MethodRanks(baseline.Name, RankRun.Ranks(baseline, rows, counts.Clicks, places)).Baseline(encoder, isRepeat, bootstrap));
        }

        var outside = Enumerable.Range(0, rows.Count).Count(row => counts.Clicks[rows.Target(row)] == 0);
        return new SessionEncoderChoice(rows.Count, outside, passes, encoder.Scores(isRepeat, bootstrap), scores);
    }

    private (int Passes, int[] Ranks) ChoosePasses(SessionLog before, ItemCounts counts, TestRows rows, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var (best, bestValue) = (0, double.NegativeInfinity);
        int[] bestRanks = [];
        string? note = null;
        var (made, all) = (0, PassesTried.Sum() / ChoiceShare);
        foreach (var passes in PassesTried) // 2
        {
            var weights = Fit(before, counts, passes, Stage(progress, string.Create(CultureInfo.InvariantCulture, $"try {passes} passes"), made / all, (made + passes) / all, note), cancellation);
            made += passes;
            var ranks = RankRun.Ranks(new EncoderMethod(new EncoderScorer(weights, counts, settings.Encoder)), rows, counts.Clicks, places);
            var (p20, mrr20) = (NextItemFigures.P20(ranks), NextItemFigures.Mrr20(ranks));
            var value = p20 + (2.5 * mrr20); // P@20 and MRR@20 weigh alike
            if (value <= bestValue) break;
            (best, bestValue, bestRanks) = (passes, value, ranks);
            note = string.Create(CultureInfo.InvariantCulture, $"with {passes} P@20 {p20:0.0000}, MRR@20 {mrr20:0.0000}");
        }

        return (best, bestRanks);
    }

    // Sessions by chance, the longest prefix of each first, so that intervals can tell them apart. Of a machine's thousands of clicks the first are enough: each position is a copy of its prefix.
    private TestRows Rows(SessionLog slice)
    {
        int[] order = [.. Enumerable.Range(0, slice.Count)];
        new SeededRandom(((ulong)seed << 8) + 6).Shuffle<int>(order);
        var rows = new TestRows();
        foreach (var session in order)
        {
            if (rows.Count >= ChooseOn) break;
            for (var at = Math.Min(slice[session].Length - 1, MostOfSession); at > 0; at--) rows.Add(slice[session][..at], slice[session][at]);
        }

        return rows;
    }

    private EncoderWeights Fit(SessionLog sessions, ItemCounts counts, int passes, IProgress<double>? progress, CancellationToken cancellation) =>
        new EncoderTrainer(sessions, counts, Frozen(passes), ((ulong)seed << 8) + 5).Train(null, progress, cancellation);

    private EncoderSettings Frozen(int passes) => settings.Encoder with { Epochs = passes, MostEpochs = passes, LeastSteps = 0 };

    // A stage is a part of the whole, so that the time left is that of the command; a search that ends early makes it less.
    private static Inline? Stage(IProgress<TrainProgress>? progress, string stage, double from, double to, string? note = null) => progress is null ? null : new Inline(progress, stage, from, to, note);

    private sealed class Inline(IProgress<TrainProgress> progress, string stage, double from, double to, string? note) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new TrainProgress(stage, from + (value * (to - from)), note));
    }
}
