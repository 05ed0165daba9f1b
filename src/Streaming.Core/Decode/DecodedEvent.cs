using Streaming.Contracts;

namespace Streaming.Core.Decode;

/// <summary>
/// One decoded record. Text fields are places in the <see cref="DecodedBatch.Text"/> buffer (start, length; length 0 = absent). A record that
/// cannot be applied has a <see cref="Reason"/> and nothing else that may be trusted.
/// </summary>
public struct DecodedEvent
{
    /// <summary>Index of the source record in its batch.</summary>
    public int Record;
    /// <summary>Offset of the source record.</summary>
    public long Offset;
    /// <summary>Why the record is a dead letter; <see cref="DeadLetterReason.None"/>: it is not.</summary>
    public DeadLetterReason Reason;
    /// <summary>What happened.</summary>
    public EventType Type;
    /// <summary>Event time, ms since 1970, clamped to the append time plus the allowance.</summary>
    public long OccurredAtMs;
    /// <summary>True where <see cref="OccurredAtMs"/> was clamped.</summary>
    public bool Clamped;
    /// <summary>The broker's append time, ms since 1970; 0: the topic has none.</summary>
    public long AppendedAtMs;
    /// <summary>Event time as written; only where there is an append time to hold it against.</summary>
    public long WrittenAtMs;
    /// <summary>Hash of the profile key's bytes.</summary>
    public ulong UserHash;
    /// <summary>Profile key (<c>u:</c>… or <c>a:</c>…).</summary>
    public TextRange User;
    /// <summary>Item id.</summary>
    public TextRange Item;
    /// <summary>Item number + 1, once Fold looked it up; 0: not yet.</summary>
    public int ItemNumber;
    /// <summary>Hash of the event id; 0: the event has none and is never taken for a duplicate.</summary>
    public ulong EventIdHash;
    /// <summary>Event id.</summary>
    public TextRange EventId;
    /// <summary>Hash of the session id; 0: none given.</summary>
    public ulong SessionHash;
    /// <summary>Session id.</summary>
    public TextRange SessionId;
    /// <summary>identify: profile key (<c>u:</c>…) that the guest became.</summary>
    public TextRange LinkedUser;
    /// <summary>Units; 1 where absent.</summary>
    public int Quantity;
    /// <summary>Price of one unit in 1/10,000 of the currency unit; -1: absent.</summary>
    public long UnitPriceE4;
    /// <summary>Currency as three ASCII letters packed big-endian into the low 24 bits; 0: absent.</summary>
    public int Currency;
    /// <summary>rating or review: stars × 10 (10 to 50); 0: absent.</summary>
    public byte RatingE1;
    /// <summary>consent: which purposes the event speaks of (see <see cref="Fold.ConsentFlags"/>).</summary>
    public Fold.ConsentFlags ConsentMask;
    /// <summary>consent: the granted ones among <see cref="ConsentMask"/>.</summary>
    public Fold.ConsentFlags ConsentValue;
    /// <summary>message: sent, delivered, opened, clicked, bounced or unsubscribed.</summary>
    public MessageState Message;
    /// <summary>message: the alert or offer it carries.</summary>
    public TextRange MessageSubject;
    /// <summary>search: the query; review: the text.</summary>
    public TextRange QueryOrText;
    /// <summary>search: the result list as raw JSON array text.</summary>
    public TextRange Results;
    /// <summary>Surface where it happened.</summary>
    public TextRange Surface;
    /// <summary>Device.</summary>
    public TextRange Device;
    /// <summary>The recommendation that led here.</summary>
    public TextRange RecommendationId;
    /// <summary>Position in that recommendation, from 1; 0: absent.</summary>
    public int Position;
    /// <summary>Schema version given; 1 where absent.</summary>
    public int SchemaVersion;

    /// <summary>When the record came to be in the log: the broker's append time, and where there is none the event's own time. A login and an erasure are held against each other by it.</summary>
    public readonly long ArrivedAtMs => AppendedAtMs > 0 ? AppendedAtMs : OccurredAtMs;
}

/// <summary>A piece of text in a <see cref="DecodedBatch"/>.</summary>
/// <param name="Start">First byte.</param>
/// <param name="Length">Bytes; 0: absent.</param>
public readonly record struct TextRange(int Start, int Length)
{
    /// <summary>True where the field was absent.</summary>
    public bool IsEmpty => Length == 0;
}

/// <summary>What became of a message. Values are persisted.</summary>
public enum MessageState : byte
{
    /// <summary>Not a message.</summary>
    None,
    /// <summary>Handed to the channel.</summary>
    Sent,
    /// <summary>Reached the user.</summary>
    Delivered,
    /// <summary>Opened.</summary>
    Opened,
    /// <summary>A link in it was followed.</summary>
    Clicked,
    /// <summary>Came back.</summary>
    Bounced,
    /// <summary>The user left the list.</summary>
    Unsubscribed,
}
