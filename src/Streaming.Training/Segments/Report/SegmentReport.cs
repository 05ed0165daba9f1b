namespace Streaming.Training.Segments.Report;

/// <summary>All that the report says, in aggregates of at least <see cref="SmallGroups.Least"/> customers.</summary>
internal sealed record SegmentReport
{
    /// <summary>First and last event, ms since 1970.</summary>
    public required (long FromMs, long ToMs) Data { get; init; }
    /// <summary>Customers with a purchase.</summary>
    public required int Customers { get; init; }
    /// <summary>Mean simplified silhouette.</summary>
    public required double? Silhouette { get; init; }
    /// <summary>Behaviours in which customers differ at all.</summary>
    public required IReadOnlyList<ReportBehaviour> Behaviours { get; init; }
    /// <summary>Quartiles of all customers, by behaviour.</summary>
    public required IReadOnlyList<Quartiles?> All { get; init; }
    /// <summary>Segments, that of the greatest share of value first; those too small to speak of last.</summary>
    public required IReadOnlyList<SegmentFigures> Segments { get; init; }
    /// <summary>Distances between centres, in standard deviations of behaviour; null: one of them is that of a few persons.</summary>
    public required double?[][] Distances { get; init; }
    /// <summary>The map.</summary>
    public required SegmentMap Map { get; init; }
    /// <summary>Moves between the last two refits; null: the history is too short.</summary>
    public SegmentMoves? Moves { get; init; }
    /// <summary>Rules by hand.</summary>
    public IReadOnlyList<RuleFigures> Rules { get; init; } = [];
    /// <summary>What was counted of items; the segments' own are in <see cref="SegmentFigures.Items"/>.</summary>
    public required ItemLifts Items { get; init; }
    /// <summary>Draws of the bootstrap.</summary>
    public required int Draws { get; init; }

    /// <summary>The three clearest effects of a segment, the greatest first; fewer where there are not so many.</summary>
    public IReadOnlyList<(ReportBehaviour Behaviour, int Index, Effect Effect)> Apart(SegmentFigures segment) =>
        [.. Behaviours.Select((b, i) => (Behaviour: b, Index: i, Effect: segment.Effects[i])).Where(e => e.Effect is { IsClear: true }).OrderByDescending(e => Math.Abs(e.Effect!.Delta)).Take(3).Select(e => (e.Behaviour, e.Index, e.Effect!))];
}

/// <summary>One segment. Null figures: of fewer than <see cref="SmallGroups.Least"/> customers.</summary>
/// <param name="Name">Name in <c>segments.json</c>.</param>
/// <param name="Customers">Customers.</param>
/// <param name="Share">Share of customers.</param>
/// <param name="ValueShare">Share of value; null too where a smaller segment's could be worked out from it.</param>
/// <param name="Behaviours">Quartiles, by behaviour.</param>
/// <param name="Effects">Against all other customers, by behaviour.</param>
/// <param name="Silhouette">Mean simplified silhouette of its customers.</param>
/// <param name="Spread">Standard deviation within over that of all customers, of those of whom it is known, by feature of <see cref="BehaviourTable.Features"/>; null: known of fewer than <see cref="SmallGroups.Least"/>.</param>
/// <param name="Items">What it buys more of.</param>
internal sealed record SegmentFigures(
    string Name, int? Customers, double? Share, double? ValueShare, IReadOnlyList<Quartiles?> Behaviours, IReadOnlyList<Effect?> Effects, double? Silhouette, IReadOnlyList<double?>? Spread, IReadOnlyList<ItemFigures> Items);

/// <summary>A rule by hand.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">The rule.</param>
/// <param name="Customers">Customers that it matches; null: few.</param>
/// <param name="Share">Share of customers.</param>
/// <param name="ValueShare">Share of value; null too where the others are few.</param>
/// <param name="Unknown">Customers of whom it cannot be said; null: few.</param>
/// <param name="Overlap">Customers that it matches in each segment of the report; null: few.</param>
/// <param name="NoSuchSegments">Names of learned segments that it asks for and that there are not.</param>
internal sealed record RuleFigures(string Name, string Text, int? Customers, double? Share, double? ValueShare, int? Unknown, IReadOnlyList<int?> Overlap, IReadOnlyList<string> NoSuchSegments);
