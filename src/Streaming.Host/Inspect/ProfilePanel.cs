using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Streaming.Host.Inspect;

/// <summary>A profile for a terminal.</summary>
internal static class ProfilePanel
{
    private const int BarWidth = 18;
    private static readonly string[] Horizons = ["short", "medium", "long"];

    /// <summary>The whole profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="nowMs">Now, ms since 1970.</param>
    /// <param name="titleOf">Title of an item for people; the id where it knows none.</param>
    /// <param name="latest">Actions to show.</param>
    public static IRenderable Of(ProfileDocument profile, long nowMs, Func<string, string> titleOf, int latest = 12) =>
        new Rows(Facts(profile, nowMs), new Text(""), Vectors(profile), new Text(""), Actions(profile, nowMs, titleOf, latest));

    private static Grid Facts(ProfileDocument profile, long nowMs)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        Row(grid, profile.Key.StartsWith("a:", StringComparison.Ordinal) ? "guest" : "user", $"[bold]{Markup.Escape(profile.Key[2..])}[/]{(profile.Degraded ? " [red](incomplete: its row could not be read)[/]" : "")}");
        if (profile.Degraded) return grid;
        Row(grid, "events", Number(profile.EventCount) + " · " + string.Join(", ", profile.Counts.OrderByDescending(c => c.Value).Take(4).Select(c => $"{Markup.Escape(c.Key.Replace('_', ' '))} {c.Value}")));
        Row(grid, "seen", $"first {Ago.Text(profile.FirstEventMs, nowMs)}, last {Ago.Text(profile.LastEventMs, nowMs)}{(profile.SessionEvents > 0 ? $" · [green]open session of {profile.SessionEvents}[/]" : "")}");
        if (profile.Occasions > 0) Row(grid, "bought", string.Create(CultureInfo.InvariantCulture, $"{profile.Occasions} times for {profile.Amount:0.00}{(profile.MeanGapDays is { } gap ? $", every {gap:0.#} days" : "")}"));
        if (profile.ChurnRisk is { } risk) Row(grid, "churn risk", $"{Bar(risk, 1, risk > 0.7 ? "red" : risk > 0.4 ? "yellow" : "green")} {risk.ToString("p0", CultureInfo.InvariantCulture)}");
        if (profile.LinkedTo is { } known) Row(grid, "is", Markup.Escape(known));
        if (profile.Guests.Count > 0) Row(grid, "guests", Markup.Escape(string.Join(", ", profile.Guests)));
        Row(grid, "consent", Markup.Escape(profile.Consent));
        if (profile.Partition is { } partition) Row(grid, "place", string.Create(CultureInfo.InvariantCulture, $"partition {partition}, applied to offset {profile.AppliedEvents}"));
        return grid;
    }

    private static Grid Vectors(ProfileDocument profile)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        var (longest, heaviest) = (profile.VectorNorms.DefaultIfEmpty(0).Max(), profile.Interests.Select(i => i.Weight).DefaultIfEmpty(0).Max());
        for (var i = 0; i < profile.VectorNorms.Count && i < Horizons.Length; i++) Row(grid, Horizons[i] + " interest", Bar(profile.VectorNorms[i], longest, "blue") + $" {profile.VectorNorms[i].ToString("0.0", CultureInfo.InvariantCulture)}");
        for (var i = 0; i < profile.Interests.Count; i++) Row(grid, $"interest {i + 1}", Bar(profile.Interests[i].Weight, heaviest, "magenta") + $" {profile.Interests[i].Weight.ToString("0.0", CultureInfo.InvariantCulture)}");
        return grid;
    }

    private static Grid Actions(ProfileDocument profile, long nowMs, Func<string, string> titleOf, int count)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var action in profile.Latest.Take(count))
            grid.AddRow(new Markup($"[grey]{Ago.Text(action.AtMs, nowMs)}[/]"), new Markup(Markup.Escape(action.Type.Replace('_', ' '))), new Text(titleOf(action.ItemId)).Overflow(Overflow.Ellipsis));
        return grid;
    }

    private static void Row(Grid grid, string name, string markup) => grid.AddRow(new Markup($"[grey]{name}[/]"), new Markup(markup));

    private static string Bar(double value, double most, string colour)
    {
        var full = most <= 0 || !double.IsFinite(value) ? 0 : (int)Math.Round(Math.Clamp(value / most, 0, 1) * BarWidth);
        return $"[{colour}]{new string('█', full)}[/][grey]{new string('░', BarWidth - full)}[/]";
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
