using Streaming.Contracts;
using Streaming.Core.Events;

namespace Streaming.Core.Decode;

/// <summary>Puts one value of one field into the event, or says why it cannot be. Both parsers end here, so that they cannot differ in what a value means.</summary>
internal sealed class EventValues(DecodeOptions options)
{
    /// <summary>1990-01-01T00:00:00Z: below lie epoch seconds taken for milliseconds.</summary>
    public const long MinTimeMs = 631_152_000_000;
    /// <summary>2100-01-01T00:00:00Z: beyond lie epoch microseconds taken for milliseconds.</summary>
    public const long MaxTimeMs = 4_102_444_800_000;

    private const int MaxPosition = 1_000_000;
    private const int MinRatingE1 = 10, MaxRatingE1 = 50;

    private readonly CanonicalId _ids = new(options.MaxIdBytes);

    /// <summary>Appends one canonical id to the batch's text.</summary>
    public bool TryAppendId(ReadOnlySpan<byte> text, DecodedBatch into, out TextRange range) => _ids.TryAppend(text, default, into, out range);

    /// <summary>A field whose JSON value is a string, unescaped.</summary>
    public DeadLetterReason String(EventField field, ReadOnlySpan<byte> text, DecodedBatch into, ref DecodedEvent e, ref EventDraft draft)
    {
        draft.SetPresent(field);
        switch (field)
        {
            case EventField.Type:
                e.Type = EventWords.Type(text);
                return DeadLetterReason.None;
            case EventField.State:
                e.Message = EventWords.State(text);
                return DeadLetterReason.None;
            case EventField.UserId:
                return Id(text, "u:"u8, into, out draft.UserId);
            case EventField.AnonymousId:
                return Id(text, "a:"u8, into, out draft.AnonymousId);
            case EventField.ItemId:
                return Id(text, default, into, out e.Item);
            case EventField.EventId:
                return HashedId(text, into, out e.EventId, out e.EventIdHash);
            case EventField.SessionId:
                return HashedId(text, into, out e.SessionId, out e.SessionHash);
            case EventField.Surface:
                return Id(text, default, into, out e.Surface);
            case EventField.Device:
                return Id(text, default, into, out e.Device);
            case EventField.RecommendationId:
                return Id(text, default, into, out e.RecommendationId);
            case EventField.AlertId:
                return Id(text, default, into, out draft.AlertId);
            case EventField.OfferId:
                return Id(text, default, into, out draft.OfferId);
            case EventField.Query:
                return FreeText(text, into, out draft.Query);
            case EventField.Text:
                return FreeText(text, into, out draft.Text);
            case EventField.Currency:
                return Currency(text, out e.Currency);
            case EventField.OccurredAt:
                if (IsoTime.TryParse(text, out e.OccurredAtMs)) return InRange(e.OccurredAtMs);
                return DecimalText.IsNumber(text) ? DeadLetterReason.NumberAsString : DeadLetterReason.InvalidTime;
            case EventField.Consent or EventField.Results:
                return DeadLetterReason.WrongType;
            default:
                return DecimalText.IsNumber(text) || IsNotANumber(text) ? DeadLetterReason.NumberAsString : DeadLetterReason.WrongType;
        }
    }

    /// <summary>A field whose JSON value is a number, by its text.</summary>
    public DeadLetterReason Number(EventField field, ReadOnlySpan<byte> number, ref DecodedEvent e, ref EventDraft draft)
    {
        draft.SetPresent(field);
        switch (field)
        {
            case EventField.OccurredAt:
                if (!DecimalText.TryScale(number, 0, MaxTimeMs, out e.OccurredAtMs, out var rounding)) return DeadLetterReason.TimeOutOfRange;
                return rounding == 0 ? InRange(e.OccurredAtMs) : DeadLetterReason.InvalidTime;
            case EventField.Quantity:
                return Whole(number, options.MaxQuantity, out e.Quantity);
            case EventField.Position:
                return Whole(number, MaxPosition, out e.Position);
            case EventField.SchemaVersion:
                return Whole(number, int.MaxValue, out e.SchemaVersion);
            case EventField.UnitPrice:
                return DecimalText.TryScale(number, 4, options.MaxUnitPriceE4, out e.UnitPriceE4, out _) ? DeadLetterReason.None : DeadLetterReason.NumberOutOfRange;
            case EventField.Rating:
                return Rating(number, out e.RatingE1);
            default:
                return DeadLetterReason.WrongType;
        }
    }

    private static DeadLetterReason InRange(long ms) => ms is >= MinTimeMs and < MaxTimeMs ? DeadLetterReason.None : DeadLetterReason.TimeOutOfRange;

    private static DeadLetterReason Whole(ReadOnlySpan<byte> number, int max, out int value)
    {
        var fits = DecimalText.TryScale(number, 0, max, out var scaled, out var rounding) && rounding == 0 && scaled >= 1;
        value = (int)scaled;
        return fits ? DeadLetterReason.None : DeadLetterReason.NumberOutOfRange;
    }

    private static DeadLetterReason Rating(ReadOnlySpan<byte> number, out byte starsE1)
    {
        starsE1 = 0;
        if (!DecimalText.TryScale(number, 1, MaxRatingE1, out var scaled, out var rounding)) return DeadLetterReason.NumberOutOfRange;
        // 5.04 rounds to a valid 5.0 and 0.96 to a valid 1.0; neither is within 1 to 5.
        if (scaled < MinRatingE1 || (scaled == MinRatingE1 && rounding > 0) || (scaled == MaxRatingE1 && rounding < 0)) return DeadLetterReason.NumberOutOfRange;
        starsE1 = (byte)scaled;
        return DeadLetterReason.None;
    }

    private DeadLetterReason Id(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix, DecodedBatch into, out TextRange range) =>
        _ids.TryAppend(text, prefix, into, out range) ? DeadLetterReason.None : DeadLetterReason.InvalidId;

    private DeadLetterReason HashedId(ReadOnlySpan<byte> text, DecodedBatch into, out TextRange range, out ulong hash)
    {
        var reason = Id(text, default, into, out range);
        hash = reason == DeadLetterReason.None ? Hash64.Of(into.Of(range)) : 0;
        return reason;
    }

    private DeadLetterReason FreeText(ReadOnlySpan<byte> text, DecodedBatch into, out TextRange range)
    {
        range = default;
        if (text.Length > options.MaxTextBytes) return DeadLetterReason.TooLarge;
        if (text.Contains((byte)0)) return DeadLetterReason.InvalidText;
        range = into.Append(text);
        return DeadLetterReason.None;
    }

    private static DeadLetterReason Currency(ReadOnlySpan<byte> text, out int packed)
    {
        packed = 0;
        if (text.Length != 3) return DeadLetterReason.InvalidCurrency;
        foreach (var b in text)
        {
            if (!char.IsAsciiLetterUpper((char)b)) return DeadLetterReason.InvalidCurrency;
            packed = (packed << 8) | b;
        }

        return DeadLetterReason.None;
    }

    private static bool IsNotANumber(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("NaN"u8) || text.SequenceEqual("Infinity"u8) || text.SequenceEqual("-Infinity"u8) || text.SequenceEqual("+Infinity"u8);
}
