namespace Streaming.Training.Uplift;

/// <summary>Who was treated and who was not: a column, the texts that mean treated, and those that mean control. Rows of other arms take no part.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Treated">Texts of the treated.</param>
/// <param name="Control">Texts of the control group.</param>
/// <param name="Questions">How many arms could be held against the control: the trial answers so many questions.</param>
internal sealed record TrialArms(string Column, IReadOnlyList<string> Treated, IReadOnlyList<string> Control, int Questions)
{
    private const int MaxArms = 50;

    /// <summary>Words by which a control group is known where none is named.</summary>
    private static readonly string[] ControlWords = ["0", "false", "no", "none", "control", "holdout", "hold-out", "placebo", "untreated"];

    /// <summary>
    /// Finds the arms of <c>--treatment T</c>: <c>COLUMN=ARM</c>; or an arm of a column called treatment, whole or by its beginning; or the name of a column; or an arm of the one column that has it.
    /// </summary>
    /// <exception cref="UnknownNameException">Nothing fits, or more than one thing does; the message names the arms that there are.</exception>
    public static TrialArms Resolve(TrialFile file, string treatment, string? control)
    {
        if (treatment.Split('=', 2) is [var name, var arm] && file.Find(name) is { } explicitly) return OfArm(explicitly, arm.Trim(), control);
        if (file.Find("treatment") is { } usual && MatchOrNull(usual, treatment) is { } found) return OfArm(usual, found, control);
        if (file.Find(treatment) is { } column) return OfColumn(column, control);
        var having = file.Columns.Where(c => c.Texts.Count <= MaxArms && c.Texts.Any(t => Same(t, treatment))).ToArray();
        return having.Length switch
        {
            1 => OfArm(having[0], treatment, control),
            0 => throw new UnknownNameException($"--treatment {treatment} is neither a column nor an arm of one; columns: {string.Join(", ", file.Columns.Select(c => c.Name))}"),
            _ => throw new UnknownNameException($"--treatment {treatment} is in the columns {string.Join(", ", having.Select(c => c.Name))}: write COLUMN={treatment}"),
        };
    }

    private static TrialArms OfArm(TrialColumn column, string arm, string? control)
    {
        var treated = MatchOrNull(column, arm) ?? throw new UnknownNameException($"--treatment: the column {column.Name} has no arm {arm}; it has {Arms(column)}");
        return new TrialArms(column.Name, [treated], [ControlOf(column, control, treated)], column.Texts.Count(t => t.Length > 0) - 1);
    }

    /// <summary>A whole column: two arms, of which one is the control; of several, all that are not the control that was named.</summary>
    private static TrialArms OfColumn(TrialColumn column, string? control)
    {
        var arms = column.Texts.Where(t => t.Length > 0).ToArray();
        if (arms.Length is < 2 or > MaxArms) throw new UnknownNameException($"--treatment: the column {column.Name} has {arms.Length} arms, not 2 to {MaxArms}");
        if (arms.Length > 2 && control is null) throw new UnknownNameException($"--treatment: the column {column.Name} has several arms ({Arms(column)}): name one of them, or the --control that all others are compared with");
        var untreated = ControlOf(column, control, null);
        return new TrialArms(column.Name, [.. arms.Where(a => a != untreated)], [untreated], 1);
    }

    private static string ControlOf(TrialColumn column, string? control, string? treated)
    {
        if (control is not null)
        {
            return MatchOrNull(column, control) is { } named && named != treated ? named : throw new UnknownNameException($"--control {control} is no other arm of {column.Name}; it has {Arms(column)}");
        }

        var others = column.Texts.Where(t => t.Length > 0 && t != treated).ToArray();
        if (treated is not null && others.Length == 1) return others[0];
        var known = others.Where(IsControl).ToArray();
        return known.Length == 1 ? known[0] : throw new UnknownNameException($"--control is needed: which of {Arms(column)} was left alone?");
    }

    private static bool IsControl(string arm) =>
        ControlWords.Any(w => Same(w, arm)) || arm.StartsWith("no ", StringComparison.OrdinalIgnoreCase) || arm.StartsWith("control", StringComparison.OrdinalIgnoreCase);

    private static string? MatchOrNull(TrialColumn column, string arm)
    {
        if (column.Texts.Count > MaxArms || arm.Length == 0) return null;
        if (column.Texts.FirstOrDefault(t => Same(t, arm)) is { } whole) return whole;
        var begins = column.Texts.Where(t => t.StartsWith(arm, StringComparison.OrdinalIgnoreCase)).ToArray();
        return begins.Length == 1 ? begins[0] : null;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string Arms(TrialColumn column) => string.Join(", ", column.Texts.Where(t => t.Length > 0).Take(MaxArms).Select(t => $"'{t}'"));
}
