namespace Streaming.Training.Uplift;

/// <summary>
/// How often the verdict "differs" comes where it must not: trials with the customers of this one and one effect for all. Outcomes of 0 and 1 are drawn from what a regression expects of each customer left alone, and from that plus the
/// trial's mean effect for the treated; other outcomes are those of customers left alone, drawn among them, plus the mean effect.
/// </summary>
internal static class FalseAlarms
{
    /// <summary>Share of simulated trials with the verdict.</summary>
    public static double Share(UpliftInput input, IReadOnlyList<EffectPipeline> pipelines, UpliftOptions options, Action<double> progress, CancellationToken cancellation)
    {
        var trial = input.Trial;
        var effect = EffectTest.MeanEffect(trial);
        var untreated = pipelines[0].ExpectedUntreated(trial.Treated, trial.Outcome);
        var alarms = 0;
        for (var s = 0; s < options.Simulations; s++)
        {
            var random = new SeededRandom(((ulong)(uint)options.Seed << 32) ^ (0xfa15eUL << 8) ^ (ulong)s);
            var simulated = trial with { Outcome = new double[trial.Rows], Treated = [.. trial.Treated] };
            random.Shuffle<bool>(simulated.Treated.AsSpan(0, input.FitRows));
            random.Shuffle<bool>(simulated.Treated.AsSpan(input.FitRows));
            for (var i = 0; i < trial.Rows; i++) simulated.Outcome[i] = Outcome(i, simulated.Treated[i], random);
            var test = new EffectTest(pipelines, simulated, input.InTest, options.Seed + s + 1);
            if (EffectTest.P(test.Observed(), test.Null(options.Permutations, null, cancellation)) <= input.Level) alarms++;
            progress((s + 1.0) / options.Simulations);
        }

        return (double)alarms / options.Simulations;

        double Outcome(int row, bool treated, SeededRandom random)
        {
            if (!trial.IsBinary)
            {
                int other;
                do other = random.Below(trial.Rows); while (trial.Treated[other]);
                return trial.Outcome[other] + (treated ? effect : 0);
            }

            // Kept far enough from 0 and 1 that the effect is the same for all.
            var low = Math.Max(0.001, -effect);
            var p = Math.Clamp(untreated[row], low, Math.Max(low, Math.Min(1, 1 - effect) - 0.001));
            return random.Uniform() < p + (treated ? effect : 0) ? 1 : 0;
        }
    }
}
