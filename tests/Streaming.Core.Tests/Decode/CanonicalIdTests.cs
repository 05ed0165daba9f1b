using System.Text;
using CsCheck;
using Streaming.Core.Decode;
using Xunit;

namespace Streaming.Core.Tests.Decode;

public sealed class CanonicalIdTests
{
    private static readonly ThreadLocal<DecodedBatch> Batch = new(() => new DecodedBatch());

    [Theory]
    [InlineData("i42", "i42")]
    [InlineData(" i 42\t", null)]
    [InlineData("  i 42  ", "i 42")]
    [InlineData("\u00A0i\u3000", "i")]
    [InlineData("i\u200B\u200E\u202E\u2066\uFEFF\u00AD42", "i42")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u1E0A\u0323", "\u1E0C\u0307")]
    [InlineData("\u0340", "\u0300")]
    [InlineData("\uFB1D", "\u05D9\u05B4")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\U00011099\U000110BA", "\U0001109A")]
    [InlineData("\uFB01", "\uFB01")]
    [InlineData("a\u0085", null)]
    [InlineData("a\u2028b", null)]
    [InlineData("\u200B", null)]
    [InlineData("", null)]
    public void Id_has_one_form(string raw, string? expected) => Assert.Equal(expected, Canonical(raw));

    [Fact]
    public void Canonical_form_is_its_own_canonical_form() =>
        Gen.Char["aé\u0301\u0323\u0307\u0315\u1100\u1161\u11A8\uAC00 \u200D\u212B\u0958\uFB1D\u05B4\u0344"].Array[1, 24].Sample(chars =>
        {
            if (Canonical(new string(chars)) is { } once) Assert.Equal(once, Canonical(once));
        });

    [Fact]
    public void Limit_is_in_bytes_of_the_canonical_form()
    {
        Assert.Equal(new string('a', 256), Canonical(new string('a', 256)));
        Assert.Null(Canonical(new string('a', 257)));
        Assert.Equal(256, Encoding.UTF8.GetByteCount(Canonical(string.Concat(Enumerable.Repeat("e\u0301", 128)))!));
        Assert.Null(Canonical(string.Concat(Enumerable.Repeat("e\u0301", 129))));
    }

    private static string? Canonical(string raw)
    {
        var batch = Batch.Value!;
        batch.Clear();
        return new CanonicalId(256).TryAppend(Encoding.UTF8.GetBytes(raw), default, batch, out var range) ? DecodeFixture.Text(batch, range) : null;
    }
}
