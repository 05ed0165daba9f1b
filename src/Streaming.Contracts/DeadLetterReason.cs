namespace Streaming.Contracts;

/// <summary>Why a record could not be applied. The wire name is the snake case of the member; extend only.</summary>
public enum DeadLetterReason : byte
{
    /// <summary>Not a dead letter.</summary>
    None = 0,
    /// <summary>The value is empty (zero bytes).</summary>
    EmptyValue = 1,
    /// <summary>The value is null; <c>events</c> is not compacted, so a tombstone means nothing here.</summary>
    NullValue = 2,
    /// <summary>Not one well-formed JSON document (truncated, trailing bytes, comment, NaN, two documents).</summary>
    InvalidJson = 3,
    /// <summary>Well-formed, but the root is not an object.</summary>
    NotAnObject = 4,
    /// <summary>A required field is missing.</summary>
    MissingField = 5,
    /// <summary>Neither userId nor anonymousId is present.</summary>
    MissingUser = 6,
    /// <summary>A required field is null.</summary>
    NullField = 7,
    /// <summary>A field appears twice.</summary>
    DuplicateField = 8,
    /// <summary>A field has another JSON type than its schema says.</summary>
    WrongType = 9,
    /// <summary>A known field is written in another letter case.</summary>
    WrongCase = 10,
    /// <summary>Not UTF-8 text: UTF-16, compressed, or another serialisation.</summary>
    NotUtf8Json = 11,
    /// <summary>Invalid UTF-8 or a lone surrogate inside a string.</summary>
    InvalidText = 12,
    /// <summary>An id holds control characters, is empty, or is too long.</summary>
    InvalidId = 13,
    /// <summary>A number is not finite, overflows, or is outside its range.</summary>
    NumberOutOfRange = 14,
    /// <summary>A time cannot be read or has no zone.</summary>
    InvalidTime = 15,
    /// <summary>A time is outside the years that the engine can compute with.</summary>
    TimeOutOfRange = 16,
    /// <summary>Nested deeper than the limit.</summary>
    TooDeep = 17,
    /// <summary>Larger than the size limit, or with too many fields or elements.</summary>
    TooLarge = 18,
    /// <summary>The record's key names another user than its body.</summary>
    KeyMismatch = 19,
    /// <summary>The type is not one of the schema's.</summary>
    UnknownType = 20,
    /// <summary>The schema version is newer than this program.</summary>
    UnknownVersion = 21,
    /// <summary>The fields contradict one another (a purchase without an item, a price without a meaning).</summary>
    Impossible = 22,
    /// <summary>The record is in a partition that does not own its key.</summary>
    WrongPartition = 23,
    /// <summary>The record has no key.</summary>
    MissingKey = 24,
    /// <summary>The currency is not three capital letters.</summary>
    InvalidCurrency = 25,
    /// <summary>A number was written as a string.</summary>
    NumberAsString = 26,
}
