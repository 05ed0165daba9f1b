namespace Streaming.Training;

/// <summary>How far a training is.</summary>
/// <param name="Phase">replay, fit, measure or write.</param>
/// <param name="Share">Share of the phase that is done, 0 to 1.</param>
/// <param name="Note">A figure worth showing, or null.</param>
public readonly record struct TrainProgress(string Phase, double Share, string? Note = null);
