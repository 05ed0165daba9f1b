using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Fold;

namespace Streaming.Host.Audit.Reference;

/// <summary>One applicable event, as the reference reads it.</summary>
internal sealed record RefEvent
{
    public required long Offset { get; init; }
    public required EventType Type { get; init; }
    /// <summary>Profile key.</summary>
    public required string User { get; init; }
    /// <summary>Event time as written, ms; see <see cref="RefShard"/> for the clamp.</summary>
    public required long OccurredAtMs { get; init; }
    /// <summary>The broker's append time; null where the topic has none.</summary>
    public long? AppendedAtMs { get; init; }
    public string? Id { get; init; }
    public string? Item { get; init; }
    public string? SessionId { get; init; }
    /// <summary>identify: the known user's profile key.</summary>
    public string? LinkedUser { get; init; }
    public int Quantity { get; init; } = 1;
    public long? PriceE4 { get; init; }
    public string? Currency { get; init; }
    /// <summary>0: none given.</summary>
    public int StarsTimesTen { get; init; }
    public ConsentFlags ConsentNamed { get; init; }
    public ConsentFlags ConsentGranted { get; init; }
    public MessageState Message { get; init; }
}
