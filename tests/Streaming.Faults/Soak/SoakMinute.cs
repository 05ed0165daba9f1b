namespace Streaming.Faults.Soak;

/// <summary>One reading of a soak.</summary>
/// <param name="Minute">Time since the load began, min.</param>
/// <param name="IsWarmUp">Not part of the slope.</param>
/// <param name="LiveMiB">Managed bytes after full collections.</param>
/// <param name="NativeMiB">Resident bytes that are not the collector's.</param>
/// <param name="HeldMiB">Both.</param>
/// <param name="ResidentMiB">The whole process.</param>
/// <param name="Handles">Open file descriptors.</param>
/// <param name="Threads">Threads.</param>
/// <param name="ResidentUsers">Profiles in memory.</param>
/// <param name="LagEvents">Events not committed yet.</param>
/// <param name="CommittedEvents">Events committed since the topics began.</param>
internal sealed record SoakMinute(double Minute, bool IsWarmUp, double LiveMiB, double NativeMiB, double HeldMiB, double ResidentMiB, int Handles, int Threads, long ResidentUsers, long LagEvents, long CommittedEvents);
