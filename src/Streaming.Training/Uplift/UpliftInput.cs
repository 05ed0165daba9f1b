namespace Streaming.Training.Uplift;

/// <summary>The rows of an evaluation, and who is scored by models of whom.</summary>
internal sealed record UpliftInput
{
    private const double TrialLevel = 0.05;
    private const int LeastRowsOfArm = 20;

    /// <summary>Draws of folds beside the first.</summary>
    private const int Redraws = 2;

    /// <summary>All rows, those of the fit file first.</summary>
    public required Trial Trial { get; init; }
    /// <summary>Columns of the fit file.</summary>
    public required IReadOnlyList<TrialFeature> FitFeatures { get; init; }
    /// <summary>Rows of the fit file.</summary>
    public required int FitRows { get; init; }
    /// <summary>Who is scored by models of whom.</summary>
    public required UpliftFolds Folds { get; init; }
    /// <summary>The same with folds drawn anew, for the verdict; none where a file is tested, whose rows no draw of folds changes.</summary>
    public required IReadOnlyList<UpliftFolds> Redrawn { get; init; }
    /// <summary>True for rows of a test file.</summary>
    public required bool[] InTest { get; init; }
    /// <summary>What was compared, in words.</summary>
    public required string Arms { get; init; }
    /// <summary>Level of the verdict: 0.05 over all arms that the trial can be asked about, so that a trial of several arms raises no more false alarms than one of two (Bonferroni).</summary>
    public required double Level { get; init; }
    /// <summary>Columns that are no features, with the reason.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }
    /// <summary>Rows of other arms.</summary>
    public required long OtherArms { get; init; }
    /// <summary>Rows that cannot be used.</summary>
    public required long BadRows { get; init; }
    /// <summary>Line and reason of the first of them.</summary>
    public required IReadOnlyList<string> BadRowsNamed { get; init; }

    /// <summary>Reads the file, or the two.</summary>
    public static UpliftInput Read(UpliftOptions options)
    {
        var file = TrialFile.Read(options.Fit);
        var arms = TrialArms.Resolve(file, options.Treatment, options.Control);
        if (file.Find(options.Outcome) is null) throw new UnknownNameException($"--outcome {options.Outcome} is no column; columns: {string.Join(", ", file.Columns.Select(c => c.Name))}");
        var reader = new TrialReader(arms, options.Outcome, options.Exclude);
        var fit = Enough(reader.ReadFit(file), options.Fit, options.Folds);
        var (bad, named) = (file.Bad.Count, file.Bad.Named);
        var (trial, folds) = (fit, UpliftFolds.OutOfFold(fit.Rows, options.Folds, options.Seed));
        if (options.Test is { } path)
        {
            var other = TrialFile.Read(path);
            var test = Enough(reader.ReadTest(other), path, 1);
            (trial, folds) = (fit.Append(test), UpliftFolds.FitThenTest(fit.Rows, test.Rows, options.Folds, options.Seed));
            (bad, named) = (bad + other.Bad.Count, [.. named.Select(n => $"fit {n}"), .. other.Bad.Named.Select(n => $"test {n}")]);
        }

        return new UpliftInput
        {
            Trial = trial, FitFeatures = fit.Features, FitRows = fit.Rows, Folds = folds, InTest = [.. Enumerable.Range(0, trial.Rows).Select(r => r >= fit.Rows)],
            Redrawn = options.Test is null ? [.. Enumerable.Range(1, Redraws).Select(d => UpliftFolds.OutOfFold(fit.Rows, options.Folds, options.Seed + (d * 7919)))] : [],
            Arms = $"{arms.Column}: {string.Join(" + ", arms.Treated)} against {string.Join(" + ", arms.Control)}",
            Level = TrialLevel / arms.Questions, LeftOut = reader.LeftOut, OtherArms = reader.OtherArms, BadRows = bad, BadRowsNamed = named,
        };
    }

    private static Trial Enough(Trial trial, string path, int folds)
    {
        var treated = trial.Treated.Count(t => t);
        if (treated < LeastRowsOfArm * folds || trial.Rows - treated < LeastRowsOfArm * folds)
            throw new InvalidDataException($"{Path.GetFileName(path)}: {treated} treated and {trial.Rows - treated} other customers; {LeastRowsOfArm * folds} of each are needed");
        return trial;
    }
}
