using System.Security.Cryptography;
using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Items;

/// <summary>
/// The bytes of one version of the item-vector table (docs/fold.md §6). Layout, little endian:
/// magic <c>SVTB</c> · format version (1 byte) · D (varint) · entries (varint) · each entry: id length (varint), id, D × float32 · CRC-32C of all before (4 bytes).
/// Entries stand in byte order of their ids, each once, so that the same content always has the same bytes; their sha256 is the version's name.
/// </summary>
public static class VectorTableBlob
{
    /// <summary>Newest format that this code reads and the one it writes.</summary>
    public const byte FormatVersion = 1;

    /// <summary>Largest D that is read.</summary>
    public const int MaxDimensions = 4096;

    /// <summary>Most entries of one version.</summary>
    public const int MaxEntries = 64_000_000;

    private static ReadOnlySpan<byte> Magic => "SVTB"u8;

    /// <summary>Writes a version.</summary>
    /// <param name="dimensions">D.</param>
    /// <param name="entries">In any order; sorted here.</param>
    /// <exception cref="ArgumentException">An id twice or empty, a vector of another length, or a value that is not finite.</exception>
    public static byte[] Write(int dimensions, IEnumerable<VectorTableEntry> entries)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MaxDimensions);
        var sorted = entries.ToArray();
        Array.Sort(sorted, static (a, b) => a.ItemId.AsSpan().SequenceCompareTo(b.ItemId));
        var writer = new RowWriter(64 + (sorted.Length * ((dimensions * 4) + 16)));
        foreach (var b in Magic) writer.Byte(b);
        writer.Byte(FormatVersion);
        writer.Unsigned((ulong)dimensions);
        writer.Unsigned((ulong)sorted.Length);
        for (var i = 0; i < sorted.Length; i++)
        {
            Check(sorted, i, dimensions);
            writer.Bytes(sorted[i].ItemId);
            writer.Floats(sorted[i].Vector);
        }

        writer.Fixed32(Crc32C.Of(writer.Written));
        return writer.Written.ToArray();
    }

    /// <summary>Reads a version.</summary>
    /// <param name="bytes">The whole blob.</param>
    /// <param name="dimensions">The D of the engine's settings.</param>
    /// <exception cref="CorruptRowException">Cut off, damaged, not canonical, of another D, or of a newer format.</exception>
    public static VectorTableEntry[] Read(ReadOnlySpan<byte> bytes, int dimensions)
    {
        if (bytes.Length < Magic.Length + 5) throw new CorruptRowException($"a vector table of {bytes.Length} bytes is cut off");
        if (!bytes.StartsWith(Magic)) throw new CorruptRowException("not a vector table: the first four bytes are not SVTB");
        var version = bytes[Magic.Length];
        if (version > FormatVersion) throw new CorruptRowException($"the vector table has format {version}, newer than the {FormatVersion} this program reads");
        var body = bytes[..^4];
        if (new RowReader(bytes[^4..]).Fixed32() != Crc32C.Of(body)) throw new CorruptRowException("the vector table's checksum does not match: it is damaged or cut off");
        return Entries(new RowReader(body[(Magic.Length + 1)..]), dimensions);
    }

    /// <summary>Name of a version: sha256 of its bytes, lower-case hex.</summary>
    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static VectorTableEntry[] Entries(RowReader reader, int dimensions)
    {
        var stored = reader.Unsigned();
        if (stored != (ulong)dimensions) throw new CorruptRowException($"the vector table has D = {stored}, the engine is set to D = {dimensions}");
        var count = reader.Unsigned();
        if (count > MaxEntries || (long)count * ((dimensions * 4L) + 1) > reader.Remaining) throw new CorruptRowException($"the vector table says it has {count} entries, more than its bytes can hold");
        var entries = new VectorTableEntry[count];
        for (var i = 0; i < entries.Length; i++)
        {
            var id = reader.Bytes().ToArray();
            var vector = new float[dimensions];
            reader.Floats(vector);
            if (id.Length == 0 || (i > 0 && id.AsSpan().SequenceCompareTo(entries[i - 1].ItemId) <= 0)) throw new CorruptRowException($"entry {i} of the vector table is out of order");
            if (!AllFinite(vector)) throw new CorruptRowException($"entry {i} of the vector table has a value that is not finite");
            entries[i] = new(id, vector);
        }

        return reader.Remaining == 0 ? entries : throw new CorruptRowException($"the vector table has {reader.Remaining} bytes too many");
    }

    private static void Check(VectorTableEntry[] sorted, int i, int dimensions)
    {
        var (id, vector) = sorted[i];
        if (id.Length == 0) throw new ArgumentException("an item id is empty");
        if (i > 0 && id.AsSpan().SequenceEqual(sorted[i - 1].ItemId)) throw new ArgumentException($"item {System.Text.Encoding.UTF8.GetString(id)} is there twice");
        if (vector.Length != dimensions) throw new ArgumentException($"a vector has {vector.Length} values, not {dimensions}");
        if (!AllFinite(vector)) throw new ArgumentException($"the vector of item {System.Text.Encoding.UTF8.GetString(id)} has a value that is not finite");
    }

    private static bool AllFinite(float[] vector)
    {
        foreach (var value in vector)
        {
            if (!float.IsFinite(value)) return false;
        }

        return true;
    }
}
