using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Shard;

namespace Streaming.Api.Events;

/// <summary>The engine's own decoder in front of the log: what it would make a dead letter of is refused, and ids get the form that it gives them.</summary>
internal sealed class EventChecks(DecodeOptions options)
{
    /// <summary>Reasons beside those of <see cref="DeadLetterReason"/>.</summary>
    public const string MissingEventId = "missing_event_id", EraseNotHere = "erase_not_here", GuestsOnly = "guests_only";

    private const long AnyTimeMs = 1_767_225_600_000;
    private static readonly byte[] NoKey = "-"u8.ToArray();
    private readonly ConcurrentBag<Decoder> _idle = [];

    /// <summary>An id in the engine's form (docs/dead-letters.md, Ids).</summary>
    /// <returns>False where the engine refuses it.</returns>
    public bool TryCanonical(string text, out string id)
    {
        id = text;
        if (IsPlain(text)) return true;
        var canonical = Canonical(text);
        id = canonical is null ? "" : Encoding.UTF8.GetString(canonical);
        return canonical is not null;
    }

    /// <summary>Checks one event and makes the record of it.</summary>
    /// <param name="value">The event's JSON text.</param>
    /// <param name="givenId">Its id, should it have none; null: then it is refused.</param>
    /// <param name="guestsOnly">Refuse what speaks of a known user.</param>
    public CheckedEvent Check(ReadOnlyMemory<byte> value, string? givenId, bool guestsOnly = false)
    {
        // 1. All but the owner: the decoder asks for the key last.
        var reason = Decode(value.Span, NoKey, out var found);
        if (reason is not (DeadLetterReason.None or DeadLetterReason.KeyMismatch)) return CheckedEvent.Refuse(reason.WireName());

        // 2. The id
        var outline = EventOutline.Of(value.Span);
        if (outline.Type == "erase") return CheckedEvent.Refuse(EraseNotHere);
        if (guestsOnly && outline.UserId is not null) return CheckedEvent.Refuse(GuestsOnly);
        if (!outline.HasEventId)
        {
            if (givenId is null) return CheckedEvent.Refuse(MissingEventId);
            value = outline.WithEventId(value.Span, givenId);
        }

        // 3. The key: the canonical id of the profile that the event belongs to.
        var owner = outline.Type == "identify" || outline.UserId is null ? outline.AnonymousId : outline.UserId;
        var key = Canonical(owner ?? "");
        if (key is null) return CheckedEvent.Refuse(DeadLetterReason.MissingUser.WireName());
        reason = Decode(value.Span, key, out found);
        return reason == DeadLetterReason.None ? new CheckedEvent(null, new Ports.EventRecord(key, value), found.EventId) : CheckedEvent.Refuse(reason.WireName());
    }

    private bool IsPlain(string text) => text.Length > 0 && text.Length <= options.MaxIdBytes && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    // The decoder gives its form of an id in a decoded event alone: a login's known user is any text.
    private byte[]? Canonical(string text)
    {
        if (IsPlain(text)) return Encoding.ASCII.GetBytes(text);
        var probe = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(probe))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "identify"u8);
            writer.WriteNumber("occurredAt"u8, AnyTimeMs);
            writer.WriteString("anonymousId"u8, NoKey);
            writer.WriteString("userId"u8, text);
            writer.WriteEndObject();
        }

        return Decode(probe.WrittenSpan, NoKey, out var found) == DeadLetterReason.None ? found.LinkedUser : null;
    }

    private DeadLetterReason Decode(ReadOnlySpan<byte> value, ReadOnlySpan<byte> key, out Found found)
    {
        if (!_idle.TryTake(out var decoder)) decoder = new Decoder(options);
        try
        {
            return decoder.Decode(value, key, out found);
        }
        finally
        {
            // As many as were ever at work at once, which the gate bounds.
            _idle.Add(decoder);
        }
    }

    private readonly record struct Found(string? EventId, byte[]? LinkedUser);

    private sealed class Decoder(DecodeOptions options)
    {
        // With one partition every key is in the right one; the port chooses the real one by the same rule.
        private readonly EventDecoder _decoder = new(1, TimeSpan.Zero, options);
        // One that is cut is too large whatever follows, so that no buffer grows with what a caller may have packed.
        private readonly RecordBatch _batch = new() { MaxValueBytes = options.MaxValueBytes + 1 };
        private readonly DecodedBatch _decoded = new();

        public DeadLetterReason Decode(ReadOnlySpan<byte> value, ReadOnlySpan<byte> key, out Found found)
        {
            _batch.Reset(0);
            _batch.Add(0, 0, isAppendTime: false, key, keyIsNull: false, value, valueIsNull: false);
            _decoder.Decode(_batch, 0, _decoded);
            ref readonly var e = ref _decoded.Events[0];
            found = e.Reason != DeadLetterReason.None ? default : new Found(
                e.EventId.IsEmpty ? null : Encoding.UTF8.GetString(_decoded.Of(e.EventId)),
                e.LinkedUser.IsEmpty ? null : _decoded.Of(e.LinkedUser)["u:".Length..].ToArray());
            return e.Reason;
        }
    }
}

/// <summary>A checked event.</summary>
/// <param name="Reason">Why it is refused; null: it is not.</param>
/// <param name="Record">The record to write.</param>
/// <param name="EventId">Its id, canonical.</param>
internal readonly record struct CheckedEvent(string? Reason, Ports.EventRecord Record = default, string? EventId = null)
{
    /// <summary>A refusal.</summary>
    public static CheckedEvent Refuse(string reason) => new(reason);
}
