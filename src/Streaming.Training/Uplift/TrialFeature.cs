namespace Streaming.Training.Uplift;

/// <summary>What is known of the customers before the treatment, one column.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Numbers">One a row, NaN where the field is empty; null: a column of categories.</param>
/// <param name="Texts">One a row, empty where the field is; null: a column of numbers.</param>
internal sealed record TrialFeature(string Name, double[]? Numbers, string[]? Texts)
{
    /// <summary>The same column of some rows.</summary>
    public TrialFeature Of(IReadOnlyList<int> rows) => new(Name, Numbers is null ? null : [.. rows.Select(r => Numbers[r])], Texts is null ? null : [.. rows.Select(r => Texts[r])]);
}
