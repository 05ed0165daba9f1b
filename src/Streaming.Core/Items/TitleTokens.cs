using System.Text;

namespace Streaming.Core.Items;

/// <summary>
/// Words of a title as tokens: runs of ASCII letters and digits in lower case; of runs of other characters (scripts that need not have blanks) every pair
/// of neighbouring characters, or the single one. Lower case is ASCII only, because wider tables change between runtime versions and the bits must not.
/// </summary>
internal static class TitleTokens
{
    private const int MaxTitleBytes = 1024;

    /// <summary>Spreads a budget of weight evenly over the tokens, at least 1 each.</summary>
    public static void Add(ref TokenSums sums, string? title, int budget)
    {
        if (string.IsNullOrWhiteSpace(title)) return;
        var bytes = Encoding.UTF8.GetBytes(title).AsSpan();
        if (bytes.Length > MaxTitleBytes) bytes = bytes[..MaxTitleBytes];
        var nothing = new TokenSums(default);
        var count = Walk(ref nothing, bytes, 0);
        if (count > 0) Walk(ref sums, bytes, Math.Max(1, budget / count));
    }

    private static int Walk(ref TokenSums sums, Span<byte> title, int weight)
    {
        var count = 0;
        for (var i = 0; i < title.Length;)
        {
            var from = i;
            if (IsWord(title[i]))
            {
                for (; i < title.Length && IsWord(title[i]); i++)
                {
                    if (title[i] is >= (byte)'A' and <= (byte)'Z') title[i] += 32;
                }

                sums.Add('t', title[from..i], weight);
                count++;
            }
            else if (title[i] >= 0x80)
            {
                while (i < title.Length && title[i] >= 0x80) i++;
                count += Pairs(ref sums, title[from..i], weight);
            }
            else
            {
                i++;
            }
        }

        return count;
    }

    private static int Pairs(ref TokenSums sums, ReadOnlySpan<byte> run, int weight)
    {
        var count = 0;
        Rune.DecodeFromUtf8(run, out _, out var first);
        if (first == run.Length)
        {
            sums.Add('t', run, weight);
            return 1;
        }

        while (first < run.Length)
        {
            Rune.DecodeFromUtf8(run[first..], out _, out var second);
            sums.Add('t', run[..(first + second)], weight);
            run = run[first..];
            first = second;
            count++;
        }

        return count;
    }

    private static bool IsWord(byte b) => b is >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or >= (byte)'0' and <= (byte)'9';
}
