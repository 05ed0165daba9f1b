using Streaming.Contracts;

namespace Streaming.Training.History;

/// <summary>One event of a shop's history, as training and evaluation read it.</summary>
/// <param name="UserId">Who; a guest's id where <paramref name="IsGuest"/>.</param>
/// <param name="Type">What was done.</param>
/// <param name="AtMs">When, ms since 1970.</param>
/// <param name="ItemId">With which item; null: none.</param>
/// <param name="SessionId">Session as the shop named it; null: not named.</param>
/// <param name="Quantity">Units.</param>
/// <param name="UnitPrice">Price of one unit; null: not known.</param>
/// <param name="IsGuest">True where <paramref name="UserId"/> is an anonymous id.</param>
public readonly record struct TrainingEvent(string UserId, EventType Type, long AtMs, string? ItemId = null, string? SessionId = null, int Quantity = 1, decimal? UnitPrice = null, bool IsGuest = false);
