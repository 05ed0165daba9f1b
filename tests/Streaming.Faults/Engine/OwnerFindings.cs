namespace Streaming.Faults.Engine;

/// <summary>Whether owners stayed apart.</summary>
/// <param name="Trespasses">Commits of a partition by one that another had taken it from, in words.</param>
/// <param name="LooksAtFormerOwners">How often a former owner that still took itself for one was looked at after the take-over.</param>
internal sealed record OwnerFindings(IReadOnlyList<string> Trespasses, int LooksAtFormerOwners);
