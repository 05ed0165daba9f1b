namespace Streaming.Training.Ranker;

/// <summary>Labelled moments, split by time: nothing in <see cref="Holdout"/> is earlier than anything in <see cref="Train"/>.</summary>
/// <param name="Train">What is fitted on, in time order; negatives may be sampled.</param>
/// <param name="Holdout">What is measured on, in time order; every candidate is there.</param>
/// <param name="FromMs">First event of the history, ms.</param>
/// <param name="ToMs">Last event of the history, ms.</param>
public sealed record RankerDataset(IReadOnlyList<RankerGroup> Train, IReadOnlyList<RankerGroup> Holdout, long FromMs, long ToMs);
