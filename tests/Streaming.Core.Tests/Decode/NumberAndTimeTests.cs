using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Xunit;

namespace Streaming.Core.Tests.Decode;

public sealed class NumberAndTimeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("12.5", 125000)]
    [InlineData("0.00005", 0)]
    [InlineData("0.00015", 2)]
    [InlineData("0.000150000000000000000001", 2)]
    [InlineData("0.00025", 2)]
    [InlineData("0.00025000000000000000000000000001", 3)]
    [InlineData("1e2", 1000000)]
    [InlineData("1.5E-3", 15)]
    [InlineData("1e-400", 0)]
    [InlineData("100000000", 1000000000000)]
    [InlineData("100000000.00001", 1000000000000)]
    [InlineData("0.0000000000000000000000000000000000001e37", 10000)]
    public void Price_is_exact_and_rounds_half_to_even(string price, long e4)
    {
        var (e, _) = DecodeFixture.One(DecodeFixture.View($"\"unitPrice\":{price},\"currency\":\"EUR\""));
        Assert.Equal((DeadLetterReason.None, e4), (e.Reason, e.UnitPriceE4));
        Assert.Equal(('E' << 16) | ('U' << 8) | 'R', e.Currency);
    }

    [Theory]
    [InlineData("100000000.0001")]
    [InlineData("1e400")]
    [InlineData("1e999999999999999999999")]
    [InlineData("-1")]
    [InlineData("-0.0")]
    public void Price_out_of_range_is_dead(string price) =>
        Assert.Equal(DeadLetterReason.NumberOutOfRange, DecodeFixture.ReasonOf(DecodeFixture.View($"\"unitPrice\":{price},\"currency\":\"EUR\"")));

    [Fact]
    public void Scaling_agrees_with_whole_number_arithmetic() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 24], Gen.Int[-20, 12], Gen.Int[0, 4]).Sample(
            (digits, point, exponent, decimals) =>
            {
                var text = digits.ToString(CultureInfo.InvariantCulture).PadLeft(point + 1, '0');
                if (point > 0) text = text.Insert(text.Length - point, ".");
                if (text.Length > 1 && text[0] == '0' && text[1] != '.') text = "1" + text;
                text += "e" + exponent.ToString(CultureInfo.InvariantCulture);
                const long Max = 1_000_000_000_000_000;
                var fits = DecimalText.TryScale(Encoding.ASCII.GetBytes(text), decimals, Max, out var scaled, out var rounding);
                var (expected, sign) = Exact(text, decimals);
                Assert.Equal(expected <= Max, fits);
                if (fits) Assert.Equal((expected, sign), (scaled, rounding));
            });

    [Theory]
    [InlineData("1", 10)]
    [InlineData("5", 50)]
    [InlineData("4.5", 45)]
    [InlineData("4.25", 42)]
    [InlineData("4.2500001", 43)]
    [InlineData("4.96", 50)]
    [InlineData("5.0e0", 50)]
    public void Rating_is_stars_in_tenths(string rating, byte e1)
    {
        var (e, _) = DecodeFixture.One(DecodeFixture.View($"\"rating\":{rating}").Replace("view", "rating"));
        Assert.Equal((DeadLetterReason.None, e1), (e.Reason, e.RatingE1));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.96")]
    [InlineData("5.04")]
    [InlineData("6")]
    [InlineData("-3")]
    public void Rating_outside_one_to_five_is_dead(string rating) =>
        Assert.Equal(DeadLetterReason.NumberOutOfRange, DecodeFixture.ReasonOf(DecodeFixture.View($"\"rating\":{rating}")));

    [Theory]
    [InlineData("EUR", DeadLetterReason.None)]
    [InlineData("eur", DeadLetterReason.InvalidCurrency)]
    [InlineData("EURO", DeadLetterReason.InvalidCurrency)]
    [InlineData("", DeadLetterReason.InvalidCurrency)]
    [InlineData("€", DeadLetterReason.InvalidCurrency)]
    public void Currency_is_three_capitals(string currency, DeadLetterReason reason) =>
        Assert.Equal(reason, DecodeFixture.ReasonOf(DecodeFixture.View($"\"currency\":\"{currency}\"")));

    [Theory]
    [InlineData("2026-01-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00.051Z")]
    [InlineData("2026-01-01T00:00:00.0519999Z")]
    [InlineData("2026-01-01T02:00:00.5+02:00")]
    [InlineData("2025-12-31T18:30:00-05:30")]
    [InlineData("2025-12-31T18:30:00-0530")]
    [InlineData("2026-01-01 00:00:00.05Z")]
    [InlineData("2024-02-29T12:34:56Z")]
    [InlineData("2000-02-29T12:34:56Z")]
    [InlineData("2099-12-31T23:59:59.999Z")]
    [InlineData("1990-01-01T00:00:00Z")]
    public void Iso_time_with_zone_is_read_as_the_framework_reads_it(string time)
    {
        var (e, _) = DecodeFixture.One(DecodeFixture.Common.Replace("1767225600051", $"\"{time}\""), appendTime: false);
        Assert.Equal(DeadLetterReason.None, e.Reason);
        var expected = DateTimeOffset.Parse(time.Replace("-0530", "-05:30"), CultureInfo.InvariantCulture);
        Assert.Equal(expected.ToUnixTimeMilliseconds(), e.OccurredAtMs);
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00")]
    [InlineData("2026-01-01")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("1900-02-29T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-01-01T24:00:00Z")]
    [InlineData("2026-01-01T23:59:60Z")]
    [InlineData("2026-01-01T00:00:00.Z")]
    [InlineData("2026-01-01T00:00:00+2")]
    [InlineData("2026-01-01T00:00:00+24:00")]
    [InlineData("2026-01-01T00:00:00Zulu")]
    [InlineData("٢٠٢٦-01-01T00:00:00Z")]
    [InlineData("yesterday")]
    [InlineData("")]
    public void Time_that_cannot_be_read_is_dead(string time) =>
        Assert.Equal(DeadLetterReason.InvalidTime, DecodeFixture.ReasonOf(DecodeFixture.Common.Replace("1767225600051", $"\"{time}\"")));

    [Theory]
    [InlineData("631151999999", DeadLetterReason.TimeOutOfRange)]
    [InlineData("631152000000", DeadLetterReason.None)]
    [InlineData("4102444799999", DeadLetterReason.None)]
    [InlineData("4102444800000", DeadLetterReason.TimeOutOfRange)]
    [InlineData("1.767225600051e12", DeadLetterReason.None)]
    [InlineData("1767225600051.0", DeadLetterReason.None)]
    [InlineData("1767225600051.5", DeadLetterReason.InvalidTime)]
    [InlineData("-1", DeadLetterReason.TimeOutOfRange)]
    [InlineData("true", DeadLetterReason.WrongType)]
    public void Epoch_time_must_be_milliseconds_of_1990_to_2100(string time, DeadLetterReason reason) =>
        Assert.Equal(reason, DecodeFixture.One(DecodeFixture.Common.Replace("1767225600051", time), appendTime: false).Event.Reason);

    [Fact]
    public void Event_time_beyond_the_allowance_is_clamped_to_append_time_plus_allowance()
    {
        var latest = DecodeFixture.Append + (long)DecodeFixture.Allowance.TotalMilliseconds;
        Assert.Equal((latest, false), Clamped(latest, appendTime: true, DecodeFixture.Append));
        Assert.Equal((latest, true), Clamped(latest + 1, appendTime: true, DecodeFixture.Append));
        Assert.Equal((latest + 1, false), Clamped(latest + 1, appendTime: false, DecodeFixture.Append));
        Assert.Equal((latest + 1, false), Clamped(latest + 1, appendTime: true, -1));
        Assert.Equal((latest + 1, false), Clamped(latest + 1, appendTime: true, long.MaxValue));
    }

    private static (long, bool) Clamped(long time, bool appendTime, long timestamp)
    {
        var (e, _) = DecodeFixture.One(DecodeFixture.Common.Replace("1767225600051", time.ToString(CultureInfo.InvariantCulture)), appendTime: appendTime, timestamp: timestamp);
        Assert.Equal(DeadLetterReason.None, e.Reason);
        return (e.OccurredAtMs, e.Clamped);
    }

    private static (long Value, int Rounding) Exact(string text, int decimals)
    {
        var e = text.IndexOf('e');
        var mantissa = text[..e];
        var point = mantissa.IndexOf('.');
        var scale = int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture) + decimals - (point < 0 ? 0 : mantissa.Length - point - 1);
        var digits = BigInteger.Parse(mantissa.Replace(".", ""), CultureInfo.InvariantCulture);
        if (scale >= 0) return (Bound(digits * BigInteger.Pow(10, scale)), 0);
        var unit = BigInteger.Pow(10, -scale);
        var quotient = BigInteger.DivRem(digits, unit, out var rest);
        if (rest.IsZero) return (Bound(quotient), 0);
        var up = rest * 2 > unit || (rest * 2 == unit && !quotient.IsEven);
        return (Bound(up ? quotient + 1 : quotient), up ? 1 : -1);
    }

    private static long Bound(BigInteger value) => value > long.MaxValue ? long.MaxValue : (long)value;
}
