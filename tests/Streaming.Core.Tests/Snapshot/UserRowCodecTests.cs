using System.Buffers.Binary;
using System.Text;
using Streaming.Core.Errors;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Snapshot;

public sealed class UserRowCodecTests
{
    [Fact]
    public void Decode_then_encode_gives_the_same_bytes()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var items = new ItemDictionary();
            var user = UserSamples.Make(seed, items);
            var row = UserSamples.Encode(user, items);
            var read = new UserRowCodec(items).Decode(row, user.Key);
            Assert.Equal((seed, Convert.ToHexString(row)), (seed, Convert.ToHexString(UserSamples.Encode(read, items))));
        }
    }

    [Fact]
    public void Row_has_the_lowest_version_that_holds_it()
    {
        var items = new ItemDictionary();
        var user = UserSamples.Make(1, items);
        Assert.Equal(1, UserSamples.Encode(user, items)[1]);
        (user.LinkedAtMs, user.ErasedAtMs) = (1_700_000_000_123, 1_700_000_000_456);
        var row = UserSamples.Encode(user, items);
        Assert.Equal(2, row[1]);
        var read = new UserRowCodec(items).Decode(row, user.Key);
        Assert.Equal((user.LinkedAtMs, user.ErasedAtMs), (read.LinkedAtMs, read.ErasedAtMs));
        Assert.Equal(row, UserSamples.Encode(read, items));
        user.AlertedAtMs = 1_700_000_000_789;
        row = UserSamples.Encode(user, items);
        Assert.Equal(3, row[1]);
        read = new UserRowCodec(items).Decode(row, user.Key);
        Assert.Equal((user.LinkedAtMs, user.ErasedAtMs, user.AlertedAtMs), (read.LinkedAtMs, read.ErasedAtMs, read.AlertedAtMs));
        Assert.Equal(row, UserSamples.Encode(read, items));
        user.Reset();
        Assert.Equal(0, user.AlertedAtMs);
    }

    [Fact]
    public void Row_does_not_depend_on_the_process_s_item_numbers()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var items = new ItemDictionary();
            var row = UserSamples.Encode(UserSamples.Make(seed, items), items);
            var others = new ItemDictionary();
            for (var i = 39; i >= 0; i--) others.GetOrAdd(Encoding.UTF8.GetBytes($"item {i}"));
            Assert.Equal((seed, Convert.ToHexString(row)), (seed, Convert.ToHexString(UserSamples.Encode(UserSamples.Make(seed, others), others))));
        }
    }

    [Fact]
    public void Row_cut_anywhere_is_refused()
    {
        var items = new ItemDictionary();
        var user = UserSamples.Make(3, items);
        var row = UserSamples.Encode(user, items);
        for (var length = 0; length < row.Length; length++) Assert.Throws<CorruptRowException>(() => new UserRowCodec(items).Decode(row.AsSpan(0, length), user.Key));
    }

    [Fact]
    public void Row_with_any_bit_flipped_is_refused()
    {
        var items = new ItemDictionary();
        var user = UserSamples.Make(7, items);
        var row = UserSamples.Encode(user, items);
        for (var bit = 0; bit < row.Length * 8; bit++)
        {
            row[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptRowException>(() => new UserRowCodec(items).Decode(row, user.Key));
            row[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Row_of_a_newer_version_is_refused_by_name()
    {
        var items = new ItemDictionary();
        var user = UserSamples.Make(1, items);
        var row = UserSamples.Encode(user, items);
        row[1] = 4;
        BinaryPrimitives.WriteUInt32LittleEndian(row.AsSpan(row.Length - 4), Crc32C.Of(row.AsSpan(0, row.Length - 4)));
        Assert.Contains("version 4", Assert.Throws<CorruptRowException>(() => new UserRowCodec(items).Decode(row, user.Key)).Message, StringComparison.Ordinal);
    }
}
