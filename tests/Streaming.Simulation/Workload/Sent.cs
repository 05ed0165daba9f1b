using Streaming.Contracts;

namespace Streaming.Simulation.Workload;

/// <summary>What the shop knows of a record it sent: for the simple count that is independent of both folds.</summary>
/// <param name="Offset">Where it landed.</param>
/// <param name="User">Profile key; null where the record must become a dead letter.</param>
/// <param name="EventId">Its id, or none.</param>
/// <param name="Type">Its type.</param>
/// <param name="Linked">identify: the known user.</param>
internal readonly record struct Sent(long Offset, string? User, string? EventId, EventType Type, string? Linked);
