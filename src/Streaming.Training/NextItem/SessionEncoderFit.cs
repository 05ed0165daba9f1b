namespace Streaming.Training.NextItem;

/// <summary>A session encoder fitted on all sessions.</summary>
/// <param name="Weights">Its weights.</param>
/// <param name="Passes">Passes made.</param>
/// <param name="PlannedPasses">Passes that the steps were planned for.</param>
/// <param name="Choice">Figures of the one fitted without the last slice, on that slice; null where nothing could be held out.</param>
internal sealed record SessionEncoderFit(EncoderWeights Weights, int Passes, int PlannedPasses, SessionEncoderChoice? Choice);
