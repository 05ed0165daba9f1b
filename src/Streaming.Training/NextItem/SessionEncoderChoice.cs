namespace Streaming.Training.NextItem;

/// <summary>What the last slice of the sessions, in time, said.</summary>
/// <param name="Positions">Positions of it that were answered.</param>
/// <param name="OutsideTrain">Those whose target was never clicked before; misses.</param>
/// <param name="Passes">Passes of the encoder that answered best.</param>
/// <param name="Encoder">Its figures.</param>
/// <param name="Baselines">Figures of the baselines on the same positions, by name.</param>
internal sealed record SessionEncoderChoice(int Positions, int OutsideTrain, int Passes, NextItemScores Encoder, IReadOnlyDictionary<string, NextItemBaseline> Baselines);
