using System.Buffers;
using System.Text.Json;
using Streaming.Contracts;

namespace Streaming.Core.Decode;

/// <summary>
/// Reads any record, token by token, and gives every reason. A syntax error anywhere outweighs what is wrong with a field, a newer schema version outweighs it too (its fields may mean
/// something else); otherwise the first thing wrong is the reason.
/// </summary>
internal sealed class StrictEventParser(DecodeOptions options, EventValues values)
{
    private readonly JsonReaderOptions _json = new() { MaxDepth = options.MaxDepth };
    private readonly NameSet _unknown = new(options.MaxFields, options.MaxValueBytes);
    private readonly byte[] _unescaped = new byte[options.MaxValueBytes];
    private readonly ArrayBufferWriter<byte> _results = new();

    /// <summary>Reads a record of at most <see cref="DecodeOptions.MaxValueBytes"/> into an event and its draft.</summary>
    public DeadLetterReason Parse(ReadOnlySpan<byte> value, DecodedBatch into, ref DecodedEvent e, ref EventDraft draft)
    {
        var form = TextForm.Check(ref value);
        if (form != DeadLetterReason.None) return form;
        var reader = new Utf8JsonReader(value, _json);
        try
        {
            return Document(ref reader, into, ref e, ref draft);
        }
        catch (JsonException)
        {
            // The reader has no way to refuse a document but this one; its message may quote the document, so it goes nowhere.
            return TextForm.IsTooDeep(value, options.MaxDepth) ? DeadLetterReason.TooDeep : DeadLetterReason.InvalidJson;
        }
    }

    private DeadLetterReason Document(ref Utf8JsonReader reader, DecodedBatch into, ref DecodedEvent e, ref EventDraft draft)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            while (reader.Read())
            {
            }

            return DeadLetterReason.NotAnObject;
        }

        _unknown.Clear();
        var first = DeadLetterReason.None;
        for (var fields = 1; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; fields++)
        {
            var reason = Field(ref reader, into, ref e, ref draft);
            if (fields > options.MaxFields) reason = DeadLetterReason.TooLarge;
            if (first == DeadLetterReason.None) first = reason;
        }

        // One more, so that what follows the document is seen.
        reader.Read();
        return draft.Has(EventField.SchemaVersion) && e.SchemaVersion > EventRules.CurrentVersion ? DeadLetterReason.UnknownVersion : first;
    }

    private DeadLetterReason Field(ref Utf8JsonReader reader, DecodedBatch into, ref DecodedEvent e, ref EventDraft draft)
    {
        if (!TryText(ref reader, out var name))
        {
            reader.Read();
            Drain(ref reader);
            return DeadLetterReason.InvalidText;
        }

        var field = EventFields.Find(name);
        var reason = DeadLetterReason.None;
        if (field == EventField.Unknown)
        {
            if (EventFields.IsWrongCase(name)) reason = DeadLetterReason.WrongCase;
            else if (!_unknown.TryAdd(name)) reason = DeadLetterReason.DuplicateField;
        }
        else if (!draft.TrySee(field))
        {
            reason = DeadLetterReason.DuplicateField;
            field = EventField.Unknown;
        }

        reader.Read();
        if (field != EventField.Unknown) return Value(field, ref reader, into, ref e, ref draft);
        var text = Drain(ref reader);
        return reason == DeadLetterReason.None ? text : reason;
    }

    private DeadLetterReason Value(EventField field, ref Utf8JsonReader reader, DecodedBatch into, ref DecodedEvent e, ref EventDraft draft)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return TryText(ref reader, out var text) ? values.String(field, text, into, ref e, ref draft) : DeadLetterReason.InvalidText;
            case JsonTokenType.Number:
                return values.Number(field, reader.ValueSpan, ref e, ref draft);
            case JsonTokenType.Null:
                return field is EventField.Type or EventField.OccurredAt ? DeadLetterReason.NullField : DeadLetterReason.None;
            case JsonTokenType.StartArray when field == EventField.Results:
                return Results(ref reader, into, ref e, ref draft);
            case JsonTokenType.StartObject when field == EventField.Consent:
                return Consent(ref reader, ref e, ref draft);
            default:
                Drain(ref reader);
                return DeadLetterReason.WrongType;
        }
    }

    /// <summary>A result list: item ids, rewritten compactly and canonically.</summary>
    private DeadLetterReason Results(ref Utf8JsonReader reader, DecodedBatch into, ref DecodedEvent e, ref EventDraft draft)
    {
        var reason = DeadLetterReason.None;
        var count = 0;
        _results.ResetWrittenCount();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var element = reader.TokenType != JsonTokenType.String ? DeadLetterReason.WrongType
                : ++count > options.MaxResults ? DeadLetterReason.TooLarge
                : !TryText(ref reader, out var id) ? DeadLetterReason.InvalidText
                : AppendResult(id, into);
            if (reason == DeadLetterReason.None) reason = element;
            Drain(ref reader);
        }

        if (reason != DeadLetterReason.None) return reason;
        if (count == 0) _results.Write("["u8);
        _results.Write("]"u8);
        e.Results = into.Append(_results.WrittenSpan);
        draft.SetPresent(EventField.Results);
        return DeadLetterReason.None;
    }

    private DeadLetterReason AppendResult(ReadOnlySpan<byte> id, DecodedBatch into)
    {
        var mark = into.TextUsed;
        if (!values.TryAppendId(id, into, out var range)) return DeadLetterReason.InvalidId;
        _results.Write(_results.WrittenCount == 0 ? "[\""u8 : ",\""u8);
        foreach (var b in into.Of(range))
        {
            // An id holds no control characters, so these two are all that JSON wants escaped.
            if (b is (byte)'"' or (byte)'\\') _results.Write("\\"u8);
            _results.Write([b]);
        }

        _results.Write("\""u8);
        into.Truncate(mark);
        return DeadLetterReason.None;
    }

    private DeadLetterReason Consent(ref Utf8JsonReader reader, ref DecodedEvent e, ref EventDraft draft)
    {
        var reason = DeadLetterReason.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var purpose = Fold.ConsentFlags.None;
            var known = TryText(ref reader, out var name);
            if (known) purpose = EventWords.Purpose(name);
            var one = !known ? DeadLetterReason.InvalidText
                : (purpose & e.ConsentMask) != 0 ? DeadLetterReason.DuplicateField
                : purpose == Fold.ConsentFlags.None && EventWords.IsPurposeInWrongCase(name) ? DeadLetterReason.WrongCase : DeadLetterReason.None;
            reader.Read();
            if (purpose != Fold.ConsentFlags.None && one == DeadLetterReason.None) one = Purpose(purpose, reader.TokenType, ref e);
            var text = Drain(ref reader);
            if (one == DeadLetterReason.None) one = text;
            if (reason == DeadLetterReason.None) reason = one;
        }

        if (e.ConsentMask != Fold.ConsentFlags.None) draft.SetPresent(EventField.Consent);
        return reason;
    }

    private static DeadLetterReason Purpose(Fold.ConsentFlags purpose, JsonTokenType token, ref DecodedEvent e)
    {
        if (token == JsonTokenType.Null) return DeadLetterReason.None;
        if (token is not (JsonTokenType.True or JsonTokenType.False)) return DeadLetterReason.WrongType;
        e.ConsentMask |= purpose;
        if (token == JsonTokenType.True) e.ConsentValue |= purpose;
        return DeadLetterReason.None;
    }

    /// <summary>The current string or name, unescaped; valid until the next call. False where half a surrogate pair stands alone in it.</summary>
    private bool TryText(ref Utf8JsonReader reader, out ReadOnlySpan<byte> text)
    {
        text = reader.ValueSpan;
        if (!reader.ValueIsEscaped) return true;
        if (TextForm.HasLoneSurrogate(text)) return false;
        text = _unescaped.AsSpan(0, reader.CopyString(_unescaped));
        return true;
    }

    /// <summary>Reads to the end of the current value, looking only at whether its strings are text.</summary>
    private static DeadLetterReason Drain(ref Utf8JsonReader reader)
    {
        var reason = DeadLetterReason.None;
        var depth = reader.CurrentDepth;
        var open = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        do
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && TextForm.HasLoneSurrogate(reader.ValueSpan))
            {
                reason = DeadLetterReason.InvalidText;
            }
        }
        while (open && reader.Read() && reader.CurrentDepth > depth);
        return reason;
    }
}
