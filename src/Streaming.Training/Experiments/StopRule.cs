namespace Streaming.Training.Experiments;

/// <summary>The rule by which an experiment ends, at any look, however many there were.</summary>
public static class StopRule
{
    /// <summary>Alarm of the sample ratio: probability of ever raising it where users are dealt as they should be.</summary>
    public const double RatioAlarm = 0.001;

    /// <summary>Looks.</summary>
    /// <param name="treated">Totals of the treated.</param>
    /// <param name="control">Totals of those left alone.</param>
    /// <param name="options">Fixed before the first look.</param>
    public static StopDecision Decide(ArmTotals treated, ArmTotals control, ExperimentOptions options)
    {
        if (SampleRatio.SequentialP(control.Users, treated.Users, options.HoldOutShare) < RatioAlarm) return StopDecision.NotAsDealt;
        var interval = ConfidenceSequence.Of(treated, control, options);
        if (interval.Low > 0) return StopDecision.Helps;
        if (interval.High < 0) return StopDecision.Harms;
        return options.NotWorth > 0 && interval.Low > -options.NotWorth && interval.High < options.NotWorth ? StopDecision.NotWorth : StopDecision.Continue;
    }
}
