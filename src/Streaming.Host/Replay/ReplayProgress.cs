namespace Streaming.Host.Replay;

/// <summary>Where a replay stands.</summary>
/// <param name="Stage">catalogue, request, events or done.</param>
/// <param name="Events">Events written.</param>
/// <param name="Rejected">Rows rejected.</param>
/// <param name="Seconds">Time since the start.</param>
/// <param name="Fraction">Share of the input read in this stage; null where it is not known.</param>
/// <param name="Notice">Something a person should read (a rejected row, a warning); null in plain reports.</param>
public sealed record ReplayProgress(string Stage, long Events, long Rejected, double Seconds, double? Fraction, string? Notice);
