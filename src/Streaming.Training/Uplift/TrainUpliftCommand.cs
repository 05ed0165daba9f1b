using Streaming.Core.Score;

namespace Streaming.Training.Uplift;

/// <summary><c>train uplift</c>: 1 the trial evaluated out of fold, with its verdict; 2 the model of all its customers, which is one effect for all where no difference was detected; 3 the model folder.</summary>
public static class TrainUpliftCommand
{
    /// <summary>Kind in the manifest.</summary>
    public const string Kind = "uplift";

    /// <summary>Trains and writes a model. Equal options give equal bytes.</summary>
    /// <exception cref="InvalidDataException">The file is not a trial, or too small a one.</exception>
    /// <exception cref="UnknownNameException">The treatment, control or outcome cannot be told.</exception>
    public static (TrainResult Result, UpliftResult Evaluation) Run(TrainUpliftOptions options, IProgress<TrainProgress>? progress = null, CancellationToken cancellation = default)
    {
        var evaluation = UpliftEvaluation.Run(options.Trial with { Test = null }, progress, cancellation); // 1
        var input = UpliftInput.Read(options.Trial with { Test = null });
        var trial = input.Trial;
        var design = new UpliftDesign(trial.Features);
        var pipeline = new EffectPipeline(design, design.Encode(trial.Features, trial.Rows), UpliftFolds.FitThenTest(trial.Rows, 0, options.Trial.Folds, options.Trial.Seed));
        var coefficients = new double[design.Width];
        coefficients[0] = evaluation.Effect;
        if (evaluation.Verdict == UpliftResult.Differs) coefficients = pipeline.Run(trial.Treated, trial.Outcome).Models[0].Coefficients; // 2
        var bytes = UpliftModelFile.Write(design, coefficients, evaluation.Arms);
        var sha256 = ModelHash.Of(bytes);
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["customers"] = evaluation.Customers, ["effect"] = Round(evaluation.Effect), ["qini"] = Round(evaluation.Qini), ["qiniSe"] = Round(evaluation.QiniSe), ["upliftAuc"] = Round(evaluation.UpliftAuc),
            ["p"] = Round(evaluation.P), ["level"] = evaluation.Level, ["differs"] = evaluation.Verdict == UpliftResult.Differs ? 1 : 0,
        };
        var manifest = new ModelManifest
        {
            Kind = Kind, Name = options.Name, Version = sha256[..12], File = UpliftModelFile.Name, Sha256 = sha256, Features = evaluation.Features, Metrics = metrics, Seed = options.Trial.Seed, CreatedBy = options.Command,
        };
        ModelFolderWriter.Write(options.OutputFolder, manifest, bytes); // 3
        return (new TrainResult(manifest.Name, manifest.Version, options.OutputFolder, metrics), evaluation);
    }

    private static double Round(double value) => Math.Round(value, 6);
}
