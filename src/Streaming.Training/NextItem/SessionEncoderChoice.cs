namespace Streaming.Training.NextItem;

/// <summary>What the last slice of the sessions, in time, said.</summary>
/// <param name="Positions">Positions of it that were answered.</param>
/// <param name="OutsideTrain">Those whose target was never clicked before; misses.</param>
/// <param name="PlannedPasses">Passes that the steps were planned for.</param>
/// <param name="Passes">Passes after which the figures were best.</param>
/// <param name="Encoder">Figures of the encoder then.</param>
/// <param name="Baselines">Figures of the baselines on the same positions, by name.</param>
internal sealed record SessionEncoderChoice(int Positions, int OutsideTrain, int PlannedPasses, int Passes, NextItemScores Encoder, IReadOnlyDictionary<string, NextItemBaseline> Baselines);
