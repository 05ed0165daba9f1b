namespace Streaming.Training.Sentiment;

/// <summary>Forms of reviews that sentiment is learned from. The form also says which n-grams are looked at.</summary>
public enum ReviewFormat
{
    /// <summary>Comma-separated with a header; <c>Review Text</c>, <c>Recommended IND</c> (0 or 1) and, where there is one, <c>Title</c>, by name. Words in Latin script.</summary>
    Reviews,
    /// <summary>positive (0 or 1), a tab, the text; a line each. Chinese characters.</summary>
    ReviewsZh,
}

/// <summary>Names of <see cref="ReviewFormat"/> as people type them.</summary>
public static class ReviewFormats
{
    /// <summary>All names, in the order of the enum.</summary>
    public static readonly IReadOnlyList<string> Names = ["reviews", "reviews-zh"];

    /// <summary>The form of a name.</summary>
    /// <exception cref="ArgumentException">No such form.</exception>
    public static ReviewFormat Parse(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name) return (ReviewFormat)i;
        }

        throw new ArgumentException($"--format {name} is no form of reviews; known: {string.Join(", ", Names)}");
    }
}
