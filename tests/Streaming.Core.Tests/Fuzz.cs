using System.Globalization;

namespace Streaming.Core.Tests;

/// <summary>Seeded mutations of bytes. A round names its seed, so that a failing one can be run alone.</summary>
internal static class Fuzz
{
    // Halves of a pair alone are well-formed JSON that no text can hold; the others are what text may well hold.
    private static readonly byte[][] Escapes = [@"\ud800"u8.ToArray(), @"\udc00"u8.ToArray(), @"\ud83d\ude00"u8.ToArray(), @"\u0000"u8.ToArray(), @"\u006b"u8.ToArray(), @"\"""u8.ToArray()];

    /// <summary>Inputs of one fuzz test: few by default; <c>STREAMING_FUZZ_INPUTS</c> sets another number, for long runs.</summary>
    public static int Inputs(int byDefault) => int.TryParse(Environment.GetEnvironmentVariable("STREAMING_FUZZ_INPUTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var inputs) ? inputs : byDefault;

    /// <summary>One to four changes: bytes and bits set, runs taken out, doubled, copied from another sample, numbers made extreme, the end cut off.</summary>
    public static byte[] Mutate(byte[][] samples, int seed)
    {
        var random = new Random(seed);
        var bytes = samples[random.Next(samples.Length)].ToList();
        for (var left = random.Next(1, 5); left > 0 && bytes.Count > 0; left--)
        {
            var at = random.Next(bytes.Count);
            var run = Math.Min(bytes.Count - at, random.Next(1, 9));
            switch (random.Next(8))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, run); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, run)); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                case 5: bytes.InsertRange(at, Enumerable.Repeat((byte)0xff, run)); break;
                case 6: for (var i = 0; i < run; i++) bytes[at + i] = 0xff; break;
                default:
                    var other = samples[random.Next(samples.Length)];
                    var from = random.Next(other.Length);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + 16)]);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>As <see cref="Mutate"/>; in one input of four nothing changes but one or two escapes that are put in, so that what is inside names and texts is reached.</summary>
    public static byte[] MutateJson(byte[][] samples, int seed)
    {
        var random = new Random(seed);
        if (random.Next(4) > 0) return Mutate(samples, seed);
        var bytes = samples[random.Next(samples.Length)].ToList();
        for (var left = random.Next(1, 3); left > 0; left--) bytes.InsertRange(random.Next(bytes.Count), Escapes[random.Next(Escapes.Length)]);
        return [.. bytes];
    }
}
