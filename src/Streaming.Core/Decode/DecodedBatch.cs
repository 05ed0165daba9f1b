namespace Streaming.Core.Decode;

/// <summary>Decoded events of one batch, in offset order, with the text they point into. Reused batch after batch.</summary>
public sealed class DecodedBatch
{
    private DecodedEvent[] _events = new DecodedEvent[64];
    private byte[] _text = new byte[4 * 1024];

    /// <summary>Number of events, dead letters included.</summary>
    public int Count { get; private set; }

    /// <summary>The events; writable so that Fold can mark duplicates.</summary>
    public Span<DecodedEvent> Events => _events.AsSpan(0, Count);

    /// <summary>Buffer of all text fields, unescaped and canonical.</summary>
    public byte[] Text => _text;

    /// <summary>Bytes of <see cref="Text"/> in use.</summary>
    public int TextUsed { get; private set; }

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        Count = 0;
        TextUsed = 0;
    }

    /// <summary>A fresh, zeroed event at the end of the batch; valid until the next call.</summary>
    public ref DecodedEvent Add()
    {
        if (Count == _events.Length) Array.Resize(ref _events, Count * 2);
        ref var e = ref _events[Count++];
        Reset(ref e);
        return ref e;
    }

    /// <summary>An event with nothing but the defaults of absent fields.</summary>
    internal static void Reset(ref DecodedEvent e)
    {
        e = default;
        e.Quantity = 1;
        e.UnitPriceE4 = -1;
        e.SchemaVersion = 1;
    }

    /// <summary>Copies text in.</summary>
    public TextRange Append(ReadOnlySpan<byte> utf8)
    {
        var place = Reserve(utf8.Length);
        utf8.CopyTo(place);
        return Commit(utf8.Length);
    }

    /// <summary>Room for text at the end of the buffer, to be filled and then <see cref="Commit"/>ted.</summary>
    public Span<byte> Reserve(int maxBytes)
    {
        if (TextUsed + maxBytes > _text.Length) Array.Resize(ref _text, Math.Max(TextUsed + maxBytes, checked(_text.Length * 2)));
        return _text.AsSpan(TextUsed, maxBytes);
    }

    /// <summary>Keeps the first bytes of the last <see cref="Reserve"/>.</summary>
    public TextRange Commit(int bytes)
    {
        var range = new TextRange(TextUsed, bytes);
        TextUsed += bytes;
        return range;
    }

    /// <summary>Forgets text from a place on (a record that turned out to be a dead letter).</summary>
    public void Truncate(int textUsed) => TextUsed = textUsed;

    /// <summary>The bytes of a field.</summary>
    public ReadOnlySpan<byte> Of(TextRange range) => _text.AsSpan(range.Start, range.Length);
}
