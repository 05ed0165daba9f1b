using System.Text;
using Streaming.Training.Evaluate;
using Streaming.Training.Uplift;

namespace Streaming.Training.Sentiment;

/// <summary>Reviews of a file, in an order of their own: that of a hash of the text. The order of the file's rows has no say in anything.</summary>
/// <param name="Reviews">Reviews.</param>
/// <param name="Keys">Hash of title and text of each; equal texts have equal ones.</param>
/// <param name="Bad">Rows that cannot be used.</param>
internal sealed record ReviewSet(Review[] Reviews, ulong[] Keys, BadRows Bad)
{
    private const string TextColumn = "Review Text", AnswerColumn = "Recommended IND", TitleColumn = "Title";

    /// <summary>Reads a file.</summary>
    /// <param name="format">Its form.</param>
    /// <param name="path">Plain or .gz, or <c>-</c>.</param>
    /// <exception cref="InvalidDataException">Not of this form, or without a row.</exception>
    public static ReviewSet Read(ReviewFormat format, string path)
    {
        using var stream = InputFile.Open(path);
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
        var bad = new BadRows();
        var reviews = new List<Review>();
        if (format == ReviewFormat.Reviews) ReadColumns(reader, reviews, bad);
        else ReadLines(reader, reviews, bad);
        return reviews.Count > 0 ? Of(reviews, bad) : throw new InvalidDataException($"{Path.GetFileName(path)} holds no review that can be used ({bad.Count} bad rows{(bad.Count > 0 ? $", {bad.Named[0]}" : "")})");
    }

    /// <summary>A set of reviews that were read already.</summary>
    public static ReviewSet Of(IReadOnlyList<Review> reviews, BadRows? bad = null)
    {
        var sorted = reviews.Select(r => (Review: r, Key: KeyOf(r))).ToArray();
        Array.Sort(sorted, Compare);
        return new ReviewSet([.. sorted.Select(s => s.Review)], [.. sorted.Select(s => s.Key)], bad ?? new BadRows());
    }

    /// <summary>Some of the reviews.</summary>
    public ReviewSet Where(Func<int, bool> taken)
    {
        int[] rows = [.. Enumerable.Range(0, Reviews.Length).Where(taken)];
        return new ReviewSet([.. rows.Select(r => Reviews[r])], [.. rows.Select(r => Keys[r])], Bad);
    }

    private static void ReadColumns(TextReader reader, List<Review> reviews, BadRows bad)
    {
        var lines = new CsvLines(reader);
        string[] header = [.. (lines.Next() ?? throw new InvalidDataException("the file is empty")).Select(c => c.Trim())];
        var (text, answer, title) = (Place(header, TextColumn), Place(header, AnswerColumn), Array.FindIndex(header, c => Same(c, TitleColumn)));
        while (lines.Next() is { } fields)
        {
            if (fields.Count == 1 && fields[0].Length == 0) continue;
            if (fields.Count != header.Length) bad.Add(lines.Line, $"{fields.Count} fields instead of {header.Length}");
            else if (Answer(fields[answer]) is not { } positive) bad.Add(lines.Line, $"{AnswerColumn} '{Shown(fields[answer])}' is neither 0 nor 1");
            else reviews.Add(new Review(title < 0 ? "" : fields[title], fields[text], positive));
        }
    }

    private static void ReadLines(TextReader reader, List<Review> reviews, BadRows bad)
    {
        for (var number = 1L; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0) continue;
            var fields = line.Split('\t');
            if (number == 1 && fields.Length == 2 && Answer(fields[0]) is null && fields[0].AsSpan().Trim().ContainsAnyInRange('a', 'z')) continue; // a header
            if (fields.Length != 2) bad.Add(number, $"{fields.Length} fields instead of 2");
            else if (Answer(fields[0]) is not { } positive) bad.Add(number, $"'{Shown(fields[0])}' is neither 0 nor 1");
            else reviews.Add(new Review("", fields[1], positive));
        }
    }

    private static bool? Answer(string field) => field.Trim() switch { "1" => true, "0" => false, _ => null };

    private static string Shown(string field) => field.Length <= 20 ? field : field[..20] + "…";

    private static int Place(string[] header, string name) =>
        Array.FindIndex(header, c => Same(c, name)) is >= 0 and var place ? place : throw new InvalidDataException($"the header has no column {name}; columns: {string.Join(", ", header)}");

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static ulong KeyOf(Review review) => TextHash.Mix(TextHash.Add(TextHash.Add(TextHash.Add(TextHash.Start, review.Title), "\n"), review.Text));

    private static int Compare((Review Review, ulong Key) a, (Review Review, ulong Key) b)
    {
        if (a.Key != b.Key) return a.Key.CompareTo(b.Key);
        if (a.Review.Positive != b.Review.Positive) return a.Review.Positive.CompareTo(b.Review.Positive);
        return string.CompareOrdinal(a.Review.Text, b.Review.Text) is var order && order != 0 ? order : string.CompareOrdinal(a.Review.Title, b.Review.Title);
    }
}
