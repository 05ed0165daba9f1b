using Streaming.Core.Score;

namespace Streaming.Training.Ranker;

/// <summary>
/// Fits a <see cref="MlpRanker"/> on moments: softmax cross-entropy over the candidates of a moment against the gains (ListNet: Cao et al., 2007), Adam, the pass with the
/// lowest loss on the latest slice wins; then one scale and shift of the logit make the scores probabilities (Platt, 1999). One thread, seeded: equal input gives equal bits.
/// </summary>
public static class RankerTrainer
{
    /// <summary>Fits.</summary>
    /// <param name="groups">Moments in time order; those without a gain are passed over.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told each pass with its loss.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">Too few moments with an answer among the candidates, or an option out of its range.</exception>
    public static MlpRanker Fit(IReadOnlyList<RankerGroup> groups, RankerTrainerOptions options, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        if (options.Validate().ToArray() is { Length: > 0 } errors) throw new ArgumentException(string.Join("; ", errors));
        var usable = groups.Where(g => g.HasGain).ToArray();
        if (usable.Length < 20) throw new ArgumentException($"only {usable.Length} moments have an answer among their candidates; at least 20 are needed");
        var split = usable.Length - Math.Max(1, (int)(usable.Length * options.ValidationShare));
        var fit = usable[..split];
        var validation = usable[split..];
        var model = new MlpRanker(Standardiser.Fit(fit, RankerFeatures.Count), options.Hidden, options.Seed);
        FitWeights(model, fit, validation, options, progress, cancellation);
        var (a, b) = PlattCalibration.Fit(model, validation);
        model.Calibrate(a, b);
        return model;
    }

    private static void FitWeights(MlpRanker model, RankerGroup[] fit, RankerGroup[] validation, RankerTrainerOptions options, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var pass = new SoftmaxPass(model);
        var random = new SeededRandom((ulong)options.Seed ^ 0x5eed);
        var order = Enumerable.Range(0, fit.Length).ToArray();
        var (best, bestLoss, since, step) = (Copy(model), pass.Loss(validation), 0, 0);
        for (var epoch = 0; epoch < options.Epochs && since < options.Patience; epoch++)
        {
            random.Shuffle<int>(order);
            var rate = (float)(options.LearningRate * (0.55 + (0.45 * Math.Cos(Math.PI * epoch / options.Epochs))));
            for (var from = 0; from < order.Length; from += options.BatchGroups)
            {
                cancellation.ThrowIfCancellationRequested();
                var batch = order.AsSpan(from, Math.Min(options.BatchGroups, order.Length - from));
                foreach (var i in batch) pass.Add(fit[i]);
                step++;
                foreach (var layer in model.Layers) layer.Step(step, rate, 1f / batch.Length, (float)options.WeightDecay);
            }

            var loss = pass.Loss(validation);
            since = loss < bestLoss ? 0 : since + 1;
            if (since == 0) (best, bestLoss) = (Copy(model), loss);
            progress?.Report(new TrainProgress("fit", (epoch + 1.0) / options.Epochs, $"loss {loss:0.0000}"));
        }

        for (var l = 0; l < best.Length; l++) best[l].CopyTo(model.Layers[l].Parameters, 0);
    }

    private static float[][] Copy(MlpRanker model) => [.. model.Layers.Select(l => (float[])l.Parameters.Clone())];
}
