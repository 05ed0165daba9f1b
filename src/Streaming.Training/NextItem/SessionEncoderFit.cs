namespace Streaming.Training.NextItem;

/// <summary>A session encoder fitted on all sessions.</summary>
/// <param name="Weights">Its weights.</param>
/// <param name="Passes">Passes that it made.</param>
/// <param name="Choice">What was found without the last slice, on that slice; null where nothing could be held out.</param>
/// <param name="Hybrid">The hybrid around the same encoder, where it was asked for.</param>
internal sealed record SessionEncoderFit(EncoderWeights Weights, int Passes, SessionEncoderChoice? Choice, Hybrid? Hybrid);
