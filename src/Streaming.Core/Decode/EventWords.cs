using System.Text;
using Streaming.Contracts;

namespace Streaming.Core.Decode;

/// <summary>The closed vocabularies of an event, from their UTF-8 bytes.</summary>
internal static class EventWords
{
    /// <summary>The type of a wire name, or <see cref="EventType.Unknown"/>.</summary>
    public static EventType Type(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("view"u8) => EventType.View,
        5 when name.SequenceEqual("click"u8) => EventType.Click,
        5 when name.SequenceEqual("erase"u8) => EventType.Erase,
        6 when name.SequenceEqual("search"u8) => EventType.Search,
        6 when name.SequenceEqual("refund"u8) => EventType.Refund,
        6 when name.SequenceEqual("rating"u8) => EventType.Rating,
        6 when name.SequenceEqual("review"u8) => EventType.Review,
        7 when name.SequenceEqual("consent"u8) => EventType.Consent,
        7 when name.SequenceEqual("message"u8) => EventType.Message,
        8 when name.SequenceEqual("purchase"u8) => EventType.Purchase,
        8 when name.SequenceEqual("wishlist"u8) => EventType.Wishlist,
        8 when name.SequenceEqual("identify"u8) => EventType.Identify,
        10 when name.SequenceEqual("impression"u8) => EventType.Impression,
        11 when name.SequenceEqual("add_to_cart"u8) => EventType.AddToCart,
        14 when name.SequenceEqual("not_interested"u8) => EventType.NotInterested,
        16 when name.SequenceEqual("remove_from_cart"u8) => EventType.RemoveFromCart,
        _ => EventType.Unknown,
    };

    /// <summary>The state of a message, or <see cref="MessageState.None"/>.</summary>
    public static MessageState State(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("sent"u8) => MessageState.Sent,
        6 when name.SequenceEqual("opened"u8) => MessageState.Opened,
        7 when name.SequenceEqual("clicked"u8) => MessageState.Clicked,
        7 when name.SequenceEqual("bounced"u8) => MessageState.Bounced,
        9 when name.SequenceEqual("delivered"u8) => MessageState.Delivered,
        12 when name.SequenceEqual("unsubscribed"u8) => MessageState.Unsubscribed,
        _ => MessageState.None,
    };

    /// <summary>The bit of a purpose of consent, or <see cref="Fold.ConsentFlags.None"/>.</summary>
    public static Fold.ConsentFlags Purpose(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("personalise"u8) ? Fold.ConsentFlags.Personalise
        : name.SequenceEqual("market"u8) ? Fold.ConsentFlags.Market
        : name.SequenceEqual("measure"u8) ? Fold.ConsentFlags.Measure : Fold.ConsentFlags.None;

    /// <summary>True for a purpose but for the case of its letters: passing over it would turn a withdrawal into nothing.</summary>
    public static bool IsPurposeInWrongCase(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "personalise"u8) || Ascii.EqualsIgnoreCase(name, "market"u8) || Ascii.EqualsIgnoreCase(name, "measure"u8);
}
