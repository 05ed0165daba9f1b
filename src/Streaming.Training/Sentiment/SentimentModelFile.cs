using System.Security.Cryptography;
using Streaming.Training.Churn;

namespace Streaming.Training.Sentiment;

/// <summary>
/// A model as bytes, little-endian: <c>STRMSENT</c>, version (uint16), form (byte), reviews (int32), prior, intercept and slope (float64), constant (float32), number of n-grams (int32), then bucket (int32), scale and weight (float32) of each,
/// and SHA-256 of all that. The same model gives the same bytes.
/// </summary>
public static class SentimentModelFile
{
    private const ushort Version = 1;
    private const int HeadBytes = 8 + 2 + 1 + 4 + (3 * 8) + 4 + 4, EntryBytes = 12;
    private static ReadOnlySpan<byte> Magic => "STRMSENT"u8;

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(SentimentModel model)
    {
        using var buffer = new MemoryStream();
        using (var writer = new BinaryWriter(buffer, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(Version);
            writer.Write((byte)model.Format);
            writer.Write(model.FitTexts);
            writer.Write(model.Prior);
            writer.Write(model.Line.Intercept);
            writer.Write(model.Line.Slope);
            writer.Write(model.Constant);
            writer.Write(model.Buckets.Length);
            for (var i = 0; i < model.Buckets.Length; i++)
            {
                writer.Write(model.Buckets[i]);
                writer.Write(model.Scales[i]);
                writer.Write(model.Weights[i]);
            }
        }

        var bytes = buffer.ToArray();
        return [.. bytes, .. SHA256.HashData(bytes)];
    }

    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="InvalidDataException">Not such a file, of another version, or damaged.</exception>
    public static SentimentModel Read(byte[] bytes)
    {
        if (bytes.Length < HeadBytes + SHA256.HashSizeInBytes || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic)) throw new InvalidDataException("not a sentiment model");
        if (!SHA256.HashData(bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - SHA256.HashSizeInBytes))) throw new InvalidDataException("the sentiment model is damaged: its bytes have another hash");
        using var reader = new BinaryReader(new MemoryStream(bytes));
        reader.BaseStream.Position = Magic.Length;
        if (reader.ReadUInt16() is var version && version != Version) throw new InvalidDataException($"the sentiment model is of version {version}, known is {Version}");
        var format = (ReviewFormat)reader.ReadByte();
        var texts = reader.ReadInt32();
        var (prior, line, constant, count) = (reader.ReadDouble(), new CalibrationLine(reader.ReadDouble(), reader.ReadDouble()), reader.ReadSingle(), reader.ReadInt32());
        if (!Enum.IsDefined(format) || count < 0 || bytes.Length != HeadBytes + ((long)count * EntryBytes) + SHA256.HashSizeInBytes) throw new InvalidDataException("the sentiment model has another shape than it says");
        var (buckets, scales, weights) = (new int[count], new float[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            (buckets[i], scales[i], weights[i]) = (reader.ReadInt32(), reader.ReadSingle(), reader.ReadSingle());
            var rises = buckets[i] > (i == 0 ? -1 : buckets[i - 1]) && buckets[i] < NGrams.Buckets;
            if (!rises || !float.IsFinite(scales[i]) || !float.IsFinite(weights[i])) throw new InvalidDataException("the sentiment model has n-grams out of order or without a number");
        }

        return new SentimentModel { Format = format, FitTexts = texts, Prior = prior, Line = line, Constant = constant, Buckets = buckets, Scales = scales, Weights = weights };
    }
}
