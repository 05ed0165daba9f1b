namespace Streaming.Training;

/// <summary>What a training made.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Version">Its version.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Metrics">Figures measured on what was held out.</param>
public sealed record TrainResult(string Model, string Version, string Folder, IReadOnlyDictionary<string, double> Metrics);
