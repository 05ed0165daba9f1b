using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Emit;
using Streaming.Core.Shard;
using Xunit;

namespace Streaming.Core.Tests.Emit;

public sealed class DeadLetterWriterTests
{
    [Fact]
    public void Dead_letter_holds_place_key_headers_bytes_and_reason()
    {
        var letter = Write("k\u0000é"u8.ToArray(), [0xFF, 0x00, 0x7B], Headers(("trace", "t1"u8.ToArray()), ("trace", []), ("none", null)), DeadLetterReason.MissingUser);
        Assert.Equal("events-3-17", letter.DeadLetterId);
        Assert.Equal(("events", 3, 17L, 123L, "missing_user", 1), (letter.Topic, letter.Partition, letter.Offset, letter.TimestampMs, letter.Reason, letter.SchemaVersion));
        Assert.Equal("k\u0000é"u8.ToArray(), Convert.FromBase64String(letter.Key!));
        Assert.Equal<byte>([0xFF, 0x00, 0x7B], Convert.FromBase64String(letter.Value!));
        Assert.Equal(3, letter.ValueBytes);
        Assert.Equal([new("trace", Convert.ToBase64String("t1"u8)), new("trace", ""), new("none", null)], letter.Headers!);
        Assert.Null(letter.HeadersLeftOut);
        Assert.Null(letter.KeyBytes);
    }

    [Fact]
    public void Null_key_and_value_are_absent_and_empty_ones_are_empty()
    {
        var none = Write(null, null, [], DeadLetterReason.NullValue);
        Assert.Equal((null, null, 0, null), (none.Key, none.Value, none.ValueBytes, none.Headers));
        var empty = Write([], [], [], DeadLetterReason.EmptyValue);
        Assert.Equal(("", ""), (empty.Key, empty.Value));
    }

    [Fact]
    public void Whatever_the_producer_controls_is_cut()
    {
        var huge = new byte[3_000_000];
        var letter = Write(huge, huge, Headers(("big", huge), ("small", [1]), (new string('n', 65_000), null)), DeadLetterReason.TooLarge);
        Assert.Equal(DeadLetterWriter.MaxValueBytes, Convert.FromBase64String(letter.Value!).Length);
        Assert.Equal(3_000_000, letter.ValueBytes);
        Assert.Equal(DeadLetterWriter.MaxKeyBytes, Convert.FromBase64String(letter.Key!).Length);
        Assert.Equal(3_000_000, letter.KeyBytes);
        Assert.Equal("small", Assert.Single(letter.Headers!).Name);
        Assert.Equal(2, letter.HeadersLeftOut);
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(letter, ContractsJson.Default.DeadLetter).Length, 1, 128 * 1024);
    }

    [Fact]
    public void Broken_headers_and_names_that_are_no_text_do_not_stop_it()
    {
        Assert.Empty(Write([], [], [9], DeadLetterReason.EmptyValue).Headers!);
        Assert.Empty(Write([], [], [1, 0, 65, 255, 255, 255, 127], DeadLetterReason.EmptyValue).Headers!);
        Assert.Equal("\uFFFD", Assert.Single(Write([], [], [1, 0, 0xFF, 255, 255, 255, 255], DeadLetterReason.EmptyValue).Headers!).Name);
    }

    [Fact]
    public void Every_reason_has_a_wire_name_in_snake_case()
    {
        foreach (var reason in Enum.GetValues<DeadLetterReason>())
        {
            Assert.Equal(reason.ToString().ToLowerInvariant(), reason.WireName().Replace("_", ""));
            Assert.Equal(reason, DeadLetterReasons.Parse(reason.WireName()));
        }

        Assert.Equal(Enum.GetValues<DeadLetterReason>().Length - 1, DeadLetterReasons.All.Length);
    }

    private static DeadLetter Write(byte[]? key, byte[]? value, byte[] headers, DeadLetterReason reason)
    {
        var batch = new RecordBatch();
        batch.Reset(17);
        batch.Add(17, 123, true, key, key is null, value, value is null, headers);
        var writer = new DeadLetterWriter();
        writer.Write("other", 0, batch, in batch.Records[0], DeadLetterReason.Impossible);
        var json = writer.Write("events", 3, batch, in batch.Records[0], reason);
        return JsonSerializer.Deserialize(json, ContractsJson.Default.DeadLetter)!;
    }

    internal static byte[] Headers(params (string Name, byte[]? Value)[] headers)
    {
        using var bytes = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        foreach (var (name, value) in headers)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)name.Length);
            bytes.Write(number[..2]);
            bytes.Write(Encoding.UTF8.GetBytes(name));
            BinaryPrimitives.WriteInt32LittleEndian(number, value?.Length ?? -1);
            bytes.Write(number);
            bytes.Write(value ?? []);
        }

        return bytes.ToArray();
    }
}
