namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench fold</c>; the keys are fixed.</summary>
/// <param name="Events">Events folded.</param>
/// <param name="Seconds">From the first record folded to R = C = end on every shard.</param>
/// <param name="EventsPerSecond">Their quotient.</param>
/// <param name="AllocatedBytesPerEvent">Managed bytes allocated in that time, an event.</param>
/// <param name="PeakRssMiB">Peak resident memory of the process, broker excluded.</param>
/// <param name="StateHash">Hash over all stored profiles (state that comes from no tick and no score).</param>
/// <param name="Users">Profiles stored.</param>
public sealed record FoldBenchResult(long Events, double Seconds, double EventsPerSecond, double AllocatedBytesPerEvent, double PeakRssMiB, string StateHash, long Users);
