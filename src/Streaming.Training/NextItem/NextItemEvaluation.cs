using System.Diagnostics;

namespace Streaming.Training.NextItem;

/// <summary>
/// <c>evaluate next-item</c>. 1. Train sessions and test rows. 2. The hybrid and the baselines, fitted on the train file and frozen. 3. Each test row by each method, as an unknown guest with
/// only its prefix. 4. Figures, and intervals by draws of sessions.
/// </summary>
public static class NextItemEvaluation
{
    /// <summary>Runs the evaluation.</summary>
    /// <param name="options">Already validated.</param>
    /// <param name="say">Takes lines for a person: bad rows.</param>
    /// <param name="progress">Stage and share of it.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InvalidDataException">A file is not of its form, or has nothing to use.</exception>
    public static NextItemResult Run(NextItemOptions options, Action<string>? say = null, IProgress<TrainProgress>? progress = null, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        var files = NextItemFiles.Read(options); // 1
        files.TrainRows.Say(say, "train file");
        files.TestRows.Say(say, "test file");
        var places = IdOrder.Places(files.Ids, files.Train.ItemCount);
        var hybrid = new HybridTrainer(files.Train, places, options.Hybrid, options.Seed).Train(progress, cancellation); // 2
        var trainSeconds = clock.Elapsed.TotalSeconds;
        var run = new NextItemRun(files.Test, Order(options, files.Test.Count), places);
        run.Answer(new HybridMethod(hybrid.Sources, hybrid.Trees), progress, cancellation); // 3
        foreach (var baseline in Baselines(files, hybrid.Sources))
        {
            run.Answer(baseline, progress, cancellation);
            (baseline as IDisposable)?.Dispose();
        }

        return Summarise(options, files, hybrid, run, trainSeconds); // 4
    }

    /// <summary>Rows in the order in which they are answered.</summary>
    private static int[] Order(NextItemOptions options, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        if (options.Shuffle) new SeededRandom(((ulong)options.Seed << 8) + 9).Shuffle<int>(order);
        return order;
    }

    private static IEnumerable<INextItemMethod> Baselines(NextItemFiles files, NextItemSources sources)
    {
        yield return new PopularMethod(sources.Counts);
        yield return new SessionPopularMethod(sources.Counts);
        yield return new ItemNeighbourMethod(sources.Neighbours, sources.Counts);
        yield return new EngineNeighbourMethod(files.Ids, files.Train);
        yield return new NeighbourMethod("plainNeighbours", sources.Neighbours, NeighbourSettings.Plain);
        yield return new NeighbourMethod("neighbours", sources.Neighbours, sources.Settings.Neighbours);
        yield return new EncoderMethod(new EncoderScorer(sources.Encoder, sources.Counts, sources.Settings.Encoder));
    }

    private static NextItemResult Summarise(NextItemOptions options, NextItemFiles files, Hybrid hybrid, NextItemRun run, double trainSeconds)
    {
        var test = files.Test;
        bool[] isRepeat = [.. Enumerable.Range(0, test.Count).Select(row => test.Prefix(row).Contains(test.Target(row)))];
        var bootstrap = new SessionBootstrap(test.Sessions(), options.Draws, options.Seed);
        var own = run.Results[0].Scores(isRepeat, bootstrap);
        return new NextItemResult
        {
            P20 = own.P20, Mrr20 = own.Mrr20, P20Repeat = own.P20Repeat, Mrr20Repeat = own.Mrr20Repeat, P20New = own.P20New, Mrr20New = own.Mrr20New,
            Low = own.Low, High = own.High, Mrr20Low = own.Mrr20Low, Mrr20High = own.Mrr20High,
            Positions = test.Count,
            PositionsRepeat = isRepeat.Count(repeat => repeat),
            OutsideTrain = Enumerable.Range(0, test.Count).Count(row => test.Target(row) >= files.Train.ItemCount),
            Sessions = bootstrap.Sessions,
            Items = files.Train.ItemCount,
            BadTrainRows = files.TrainRows.Bad,
            BadTestRows = files.TestRows.Bad,
            Baselines = run.Results.Skip(1).ToDictionary(r => r.Name, r => r.Baseline(run.Results[0], isRepeat, bootstrap), StringComparer.Ordinal),
            Chosen = new NextItemChoice(hybrid.Sources.Settings.Neighbours.ToString(), hybrid.Trees.Count, hybrid.RankerRows, hybrid.ChoicePositions, hybrid.Choice.P20, hybrid.Choice.Mrr20),
            TrainSeconds = trainSeconds,
            PeakRssMiB = PeakRssMiB(),
            P50Ms = run.Quantile(0.5),
            P99Ms = run.Quantile(0.99),
        };
    }

    private static double PeakRssMiB()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1048576.0;
    }
}
