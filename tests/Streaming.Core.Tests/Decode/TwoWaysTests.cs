using System.Text;
using CsCheck;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Xunit;

namespace Streaming.Core.Tests.Decode;

/// <summary>The fast way never accepts what the strict way refuses, and both give equal events.</summary>
public sealed class TwoWaysTests
{
    private readonly DecodeFixture _records = new();
    private readonly EventDecoder _strict = DecodeFixture.Strict();
    private readonly DecodedBatch _batch = new();

    private static readonly Gen<string> GenValue = Gen.OneOf(
        Gen.OneOfConst("\"u4711\"", "\"i42\"", "\"\"", "\" x\"", "\"é\"", "\"a\\\"b\"", "\"EUR\"", "\"view\"", "\"purchase\"", "\"message\"", "\"sent\"", "\"rating\"", "\"search\"",
            "\"2026-01-01T00:00:00Z\"", "\"12\"", "\"a\u007fb\"", "null", "true", "[]", "[\"i1\"]", "{}", "{\"market\":true}", "NaN"),
        Gen.OneOfConst("1767225600051", "0", "00", "1", "2", "5", "01", "1.", ".5", "1.5", "1.25", "4.96", "1e3", "-1", "-0", "1000001", "99999999999999999999", "100000000.0001", "1.0", "0x10", "+1"));

    private static readonly Gen<string> GenField = Gen.Select(
        Gen.OneOf(Gen.OneOfConst(EventFields.Names), Gen.OneOfConst("x", "userID", "", "a\\u0062")), GenValue, Gen.OneOfConst(":", ": ", " : ", ""), (n, v, c) => $"\"{n}\"{c}{v}");

    private static readonly Gen<string> GenRecord = Gen.Select(
        Gen.OneOfConst("{\"type\":\"view\",\"userId\":\"u4711\",\"itemId\":\"i42\",\"occurredAt\":1767225600051", "{\"userId\":\"u4711\",\"itemId\":\"i42\"", "{"),
        GenField.List[0, 5], Gen.OneOfConst(",", ", ", " ,\n", ",,"), Gen.OneOfConst("}", " }", "}\n", "", "}}", ",}"),
        (head, fields, comma, end) => head + string.Concat(fields.Select(f => (head.Length > 1 || f != fields[0] ? comma : "") + f)) + end);

    [Fact]
    public void Fast_way_and_strict_way_give_equal_events() => GenRecord.Sample(AssertEqualWays, iter: 30_000, threads: 1);

    [Fact]
    public void Both_ways_agree_on_every_poison_shape()
    {
        foreach (var shape in PoisonShapes.All.Where(s => s.Value is not null)) AssertEqualWays(Encoding.UTF8.GetString(shape.Value!));
    }

    [Fact]
    public void Common_record_takes_the_fast_way_with_and_without_blanks()
    {
        foreach (var value in (string[])[DecodeFixture.Common, DecodeFixture.Common.Replace(",", ", ").Replace(":", ": "), DecodeFixture.View("\"unitPrice\":12.5,\"currency\":\"EUR\",\"quantity\":3")])
        {
            var fixture = new DecodeFixture().Add(value);
            Assert.Equal(DeadLetterReason.None, fixture.Decode()[0].Reason);
            Assert.Equal(1, fixture.Decoder.FastRecords);
        }
    }

    private void AssertEqualWays(string value)
    {
        _records.Source.Reset(0);
        _records.Add(value).Decode();
        _strict.Decode(_records.Source, DecodeFixture.Partition, _batch);
        Assert.Equal((value, DecodeFixture.Describe(_batch, _batch.Events[0])), (value, DecodeFixture.Describe(_records.Batch, _records.Batch.Events[0])));
    }
}
