using System.IO.Compression;
using System.Text;
using Streaming.Contracts;

namespace Streaming.Core.Tests.Decode;

/// <summary>The table of docs/dead-letters.md as data: every number from 1 to 40 at least once.</summary>
internal static class PoisonShapes
{
    private const string Common = DecodeFixture.Common;

    public static readonly PoisonShape[] All =
    [
        new(1, "zero-length value", [], DeadLetterReason.EmptyValue),
        new(2, "tombstone", null, DeadLetterReason.NullValue),
        Text(3, "literal null", "null", DeadLetterReason.NotAnObject),
        Text(4, "array at the root", $"[{Common}]", DeadLetterReason.NotAnObject),
        Text(4, "string at the root", "\"view\"", DeadLetterReason.NotAnObject),
        Text(4, "number at the root", "17", DeadLetterReason.NotAnObject),
        Text(5, "empty object", "{}", DeadLetterReason.MissingField),
        Text(5, "no type", """{"userId":"u4711","itemId":"i42","occurredAt":1767225600051}""", DeadLetterReason.MissingField),
        Text(5, "no time", """{"type":"view","userId":"u4711","itemId":"i42"}""", DeadLetterReason.MissingField),
        Text(5, "no user", """{"type":"view","itemId":"i42","occurredAt":1767225600051}""", DeadLetterReason.MissingUser),
        Text(6, "required field null", """{"type":null,"userId":"u4711","itemId":"i42","occurredAt":1767225600051}""", DeadLetterReason.NullField),
        Text(6, "user null", """{"type":"view","userId":null,"itemId":"i42","occurredAt":1767225600051}""", DeadLetterReason.MissingUser),
        View(6, "optional field null counts as absent", "\"quantity\":null,\"surface\":null", DeadLetterReason.None, "|1|-1|"),
        View(7, "duplicate key", "\"itemId\":\"i43\"", DeadLetterReason.DuplicateField),
        View(7, "duplicate unknown key", "\"x\":1,\"\\u0078\":2", DeadLetterReason.DuplicateField),
        View(8, "unknown extra field is ignored", "\"x\":{\"y\":[1,{\"z\":null}]}", DeadLetterReason.None, "View|1767225600051"),
        Text(9, "wrong letter case of a name", Common.Replace("userId", "userID"), DeadLetterReason.WrongCase),
        Text(10, "truncated document", Common[..^1], DeadLetterReason.InvalidJson),
        Text(10, "truncated inside a string", Common[..30], DeadLetterReason.InvalidJson),
        Text(11, "trailing bytes", Common + "x", DeadLetterReason.InvalidJson),
        Text(11, "trailing brace", Common + "}", DeadLetterReason.InvalidJson),
        Text(12, "two documents", Common + Common, DeadLetterReason.InvalidJson),
        Text(12, "two documents on two lines", Common + "\n" + Common, DeadLetterReason.InvalidJson),
        Text(13, "comment", Common.Replace("{", "{/* x */"), DeadLetterReason.InvalidJson),
        Text(14, "byte-order mark is skipped", "\uFEFF" + Common, DeadLetterReason.None, "View|1767225600051|False"),
        new(15, "UTF-16 text", Encoding.Unicode.GetBytes(Common), DeadLetterReason.NotUtf8Json),
        new(15, "UTF-16 text with its mark", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Common)], DeadLetterReason.NotUtf8Json),
        new(16, "gzip bytes", Gzip(Common), DeadLetterReason.NotUtf8Json),
        new(17, "Avro with a registry's magic byte", [0, 0, 0, 0, 17, 6, (byte)'e', (byte)'1', (byte)'7'], DeadLetterReason.NotUtf8Json),
        Text(18, "HTML error page", "<html><body>502 Bad Gateway</body></html>", DeadLetterReason.NotUtf8Json),
        Text(18, "XML", "<?xml version=\"1.0\"?><event/>", DeadLetterReason.NotUtf8Json),
        new(19, "invalid UTF-8 in a string", Bytes(Common, "i42", [0xC3, 0x28, 0x41]), DeadLetterReason.InvalidText),
        new(19, "overlong UTF-8 in a string", Bytes(Common, "i42", [0xC0, 0xAF, 0x41]), DeadLetterReason.InvalidText),
        Text(20, "lone surrogate escape", Common.Replace("i42", "i\\uD800"), DeadLetterReason.InvalidText),
        View(20, "lone surrogate in an unknown field", "\"x\":[\"\\uDC00\"]", DeadLetterReason.InvalidText),
        Text(21, "NUL in an id", Common.Replace("i42", "i\\u0000"), DeadLetterReason.InvalidId),
        Text(21, "control character in an id", Common.Replace("s99", "s\\n99"), DeadLetterReason.InvalidId),
        Text(21, "raw control character", Common.Replace("i42", "i\u000142"), DeadLetterReason.InvalidJson),
        View(22, "number 1e400", "\"unitPrice\":1e400,\"currency\":\"EUR\"", DeadLetterReason.NumberOutOfRange),
        View(23, "NaN literal", "\"unitPrice\":NaN", DeadLetterReason.InvalidJson),
        View(24, "string NaN", "\"unitPrice\":\"NaN\",\"currency\":\"EUR\"", DeadLetterReason.NumberAsString),
        View(25, "numeric string", "\"unitPrice\":\"1.5\",\"currency\":\"EUR\"", DeadLetterReason.NumberAsString),
        View(26, "integer overflow", "\"quantity\":99999999999999999999", DeadLetterReason.NumberOutOfRange),
        View(27, "1.0 for an integer is one", "\"quantity\":1.0", DeadLetterReason.None, "|1|-1|"),
        View(27, "1.5 for an integer", "\"quantity\":1.5", DeadLetterReason.NumberOutOfRange),
        View(28, "negative quantity", "\"quantity\":-1", DeadLetterReason.NumberOutOfRange),
        View(28, "negative zero price", "\"unitPrice\":-0,\"currency\":\"EUR\"", DeadLetterReason.NumberOutOfRange),
        View(28, "quantity 10^9", "\"quantity\":1000000000", DeadLetterReason.NumberOutOfRange),
        View(28, "quantity 0", "\"quantity\":0", DeadLetterReason.NumberOutOfRange),
        View(29, "price with 20 decimals is rounded half to even", "\"unitPrice\":0.30000000000000004441,\"currency\":\"EUR\"", DeadLetterReason.None, "|1|3000|"),
        Time(30, "timestamp without zone", "\"2026-01-01T00:00:00\"", DeadLetterReason.InvalidTime),
        Time(31, "epoch milliseconds are a time", "1767225600051", DeadLetterReason.None, "View|1767225600051"),
        Time(31, "epoch seconds", "1767225600", DeadLetterReason.TimeOutOfRange),
        Time(31, "epoch microseconds", "1767225600051000", DeadLetterReason.TimeOutOfRange),
        Time(31, "epoch as a string", "\"1767225600051\"", DeadLetterReason.NumberAsString),
        Time(32, "leap second", "\"2016-12-31T23:59:60Z\"", DeadLetterReason.InvalidTime),
        Time(33, "year 9999", "\"9999-12-31T23:59:59Z\"", DeadLetterReason.TimeOutOfRange),
        Time(33, "year 0001", "\"0001-01-01T00:00:00Z\"", DeadLetterReason.TimeOutOfRange),
        View(34, "nesting depth 65", $"\"x\":{new string('[', 64)}{new string(']', 64)}", DeadLetterReason.TooDeep),
        Text(34, "60,000 open brackets", new string('[', 60_000), DeadLetterReason.TooDeep),
        Text(35, "10 MB string", Common.Replace("i42", new string('x', 10_000_000)), DeadLetterReason.TooLarge),
        View(35, "query beyond the limit", $"\"query\":\"{new string('x', 4097)}\"", DeadLetterReason.TooLarge),
        View(35, "a million elements", $"\"results\":[{string.Join(',', Enumerable.Repeat("1", 1_000_000))}]", DeadLetterReason.TooLarge),
        View(35, "too many results", $"\"results\":[{string.Join(',', Enumerable.Repeat("\"i1\"", 201))}]", DeadLetterReason.TooLarge),
        View(35, "too many keys", string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"x{i}\":1")), DeadLetterReason.TooLarge),
        Text(36, "trailing space, zero-width and direction marks are dropped", Common.Replace("i42", "\u200Fi\u200B42\uFEFF "), DeadLetterReason.None, "|i42|"),
        Text(36, "decomposed letters are composed", Common.Replace("i42", "cafe\u0301"), DeadLetterReason.None, "|caf\u00E9|"),
        Text(36, "case tells ids apart", Common.Replace("i42", "I42"), DeadLetterReason.None, "|I42|"),
        Text(36, "nothing visible", Common.Replace("i42", "\u200B \u200D"), DeadLetterReason.InvalidId),
        new(36, "key in another form than its id", Encoding.UTF8.GetBytes(Common.Replace("u4711", "u4711 ")), DeadLetterReason.KeyMismatch, Key: "u4711 "),
        Text(37, "key and user differ", Common.Replace("u4711", "u4712"), DeadLetterReason.KeyMismatch),
        Text(38, "unknown type", Common.Replace("view", "teleport"), DeadLetterReason.UnknownType),
        View(38, "newer schema version", "\"schemaVersion\":2", DeadLetterReason.UnknownVersion),
        Text(39, "purchase without an item", """{"type":"purchase","userId":"u4711","occurredAt":1767225600051}""", DeadLetterReason.Impossible),
        View(39, "price without a currency", "\"unitPrice\":5", DeadLetterReason.Impossible),
        View(39, "currency contradicts itself", "\"unitPrice\":5,\"currency\":\"EUR/USD\"", DeadLetterReason.InvalidCurrency),
        Text(39, "refund without purchase is counted, unknown item has no vector", Common.Replace("view", "refund"), DeadLetterReason.None, "Refund|"),
        Text(40, "formula in an id is data", Common.Replace("i42", "=cmd|' /C calc'!A0"), DeadLetterReason.None, "|=cmd|' /C calc'!A0|"),
        Text(40, "CQL, script and format strings are data", Common.Replace("i42", "'; DROP TABLE users;-- <script>{0}%s"), DeadLetterReason.None, "|'; DROP TABLE users;-- <script>{0}%s|"),
        Text(40, "emoji are data, their joiners are dropped", Common.Replace("i42", "\U0001F468\u200D\U0001F469\u200D\U0001F467"), DeadLetterReason.None, "|\U0001F468\U0001F469\U0001F467|"),
        Text(40, "id beyond the limit", Common.Replace("i42", new string('a', 257)), DeadLetterReason.InvalidId),
    ];

    private static PoisonShape Text(int number, string name, string value, DeadLetterReason reason, string expected = "") =>
        new(number, name, Encoding.UTF8.GetBytes(value), reason, expected);

    private static PoisonShape View(int number, string name, string fields, DeadLetterReason reason, string expected = "") =>
        Text(number, name, DecodeFixture.View(fields), reason, expected);

    private static PoisonShape Time(int number, string name, string time, DeadLetterReason reason, string expected = "") =>
        Text(number, name, Common.Replace("1767225600051", time), reason, expected);

    private static byte[] Bytes(string text, string old, byte[] with)
    {
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return [.. Encoding.UTF8.GetBytes(text[..at]), .. with, .. Encoding.UTF8.GetBytes(text[(at + old.Length)..])];
    }

    private static byte[] Gzip(string text)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return memory.ToArray();
    }
}
