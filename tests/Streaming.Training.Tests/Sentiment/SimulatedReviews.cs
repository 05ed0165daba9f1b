using System.Globalization;

namespace Streaming.Training.Tests.Sentiment;

/// <summary>Reviews in which some words are commoner when they recommend, and others when they do not.</summary>
internal static class SimulatedReviews
{
    private static readonly string[] Good = ["love", "great", "perfect", "soft"], Bad = ["return", "cheap", "itchy", "huge"], Any = ["dress", "size", "colour", "sleeve", "store", "black", "waist", "fabric"];

    /// <summary>Lines of the form <c>reviews</c>; some texts are quoted and go over two lines.</summary>
    public static List<string> Lines(int rows, int seed, Func<int, bool, int>? rating = null)
    {
        var random = new SeededRandom((ulong)seed);
        var lines = new List<string> { "row,Title,Review Text,Rating,Recommended IND" };
        for (var r = 0; r < rows; r++)
        {
            var positive = random.Uniform() < 0.6;
            var words = Enumerable.Range(0, 8).Select(_ => random.Uniform() < 0.35 ? Pick(random, random.Uniform() < 0.8 == positive ? Good : Bad) : Pick(random, Any)).ToArray();
            var text = r % 5 == 0 ? $"\"{string.Join(' ', words[..4])},\n{string.Join(' ', words[4..])} \"\"sic\"\"\"" : string.Join(' ', words);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{r},{(r % 3 == 0 ? words[0] : "")},{text},{rating?.Invoke(r, positive) ?? (positive ? 5 : 1)},{(positive ? 1 : 0)}"));
        }

        return lines;
    }

    private static string Pick(SeededRandom random, string[] from) => from[random.Below(from.Length)];
}
