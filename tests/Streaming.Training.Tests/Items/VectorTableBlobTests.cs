using System.Text;
using CsCheck;
using Streaming.Core.Errors;
using Streaming.Core.Items;

namespace Streaming.Training.Tests.Items;

public sealed class VectorTableBlobTests
{
    private static readonly Gen<VectorTableEntry[]> Entries =
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 12].HashSet[0, 30], Gen.Int[1, 1_000_000], (ids, seed) =>
        {
            var random = new SeededRandom((ulong)seed);
            return ids.Select(id => new VectorTableEntry(Encoding.UTF8.GetBytes(id), [.. Enumerable.Range(0, 5).Select(_ => (float)random.Normal())])).ToArray();
        });

    [Fact]
    public void Write_read_gives_the_same_entries_in_id_order() => Entries.Sample(entries =>
    {
        var read = VectorTableBlob.Read(VectorTableBlob.Write(5, entries), 5);
        var sorted = entries.OrderBy(e => Encoding.UTF8.GetString(e.ItemId), StringComparer.Ordinal).ToArray();
        Assert.Equal(sorted.Select(e => e.ItemId), read.Select(e => e.ItemId));
        Assert.Equal(sorted.Select(e => e.Vector), read.Select(e => e.Vector));
    });

    [Fact]
    public void Write_in_any_order_gives_the_same_bytes() => Entries.Sample(entries =>
        Assert.Equal(VectorTableBlob.Write(5, entries), VectorTableBlob.Write(5, entries.Reverse())));

    [Fact]
    public void Read_any_changed_byte_is_refused() => Gen.Select(Entries.Where(e => e.Length > 0), Gen.Int[0, 100_000], Gen.Int[1, 255]).Sample((entries, at, change) =>
    {
        var bytes = VectorTableBlob.Write(5, entries);
        bytes[at % bytes.Length] ^= (byte)change;
        Assert.Throws<CorruptRowException>(() => VectorTableBlob.Read(bytes, 5));
    });

    [Fact]
    public void Read_any_cut_is_refused() => Gen.Select(Entries, Gen.Int[0, 100_000]).Sample((entries, at) =>
    {
        var bytes = VectorTableBlob.Write(5, entries);
        Assert.Throws<CorruptRowException>(() => VectorTableBlob.Read(bytes.AsSpan(0, at % bytes.Length), 5));
    });

    [Fact]
    public void Read_newer_format_says_so()
    {
        var bytes = VectorTableBlob.Write(5, []);
        bytes[4] = 2;
        Assert.Contains("newer", Assert.Throws<CorruptRowException>(() => VectorTableBlob.Read(bytes, 5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_other_dimensions_says_both() =>
        Assert.Contains("D = 5, the engine is set to D = 64", Assert.Throws<CorruptRowException>(() => VectorTableBlob.Read(VectorTableBlob.Write(5, []), 64)).Message, StringComparison.Ordinal);

    [Fact]
    public void Write_same_id_twice_is_refused() => Assert.Throws<ArgumentException>(() => VectorTableBlob.Write(1, [new("a"u8.ToArray(), [1]), new("a"u8.ToArray(), [2])]));

    [Fact]
    public void Write_value_not_finite_is_refused() => Assert.Throws<ArgumentException>(() => VectorTableBlob.Write(1, [new("a"u8.ToArray(), [float.NaN])]));

    /// <summary>The bytes are persisted: they may never change.</summary>
    [Fact]
    public void Write_golden_bytes() =>
        Assert.Equal("535654420102020161000080bf0000004001620000003f00000000", Convert.ToHexStringLower(VectorTableBlob.Write(2, [new("b"u8.ToArray(), [0.5f, 0]), new("a"u8.ToArray(), [-1, 2])]).AsSpan()[..^4]));
}
