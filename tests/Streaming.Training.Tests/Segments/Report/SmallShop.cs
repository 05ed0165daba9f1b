using Streaming.Contracts;
using Streaming.Training.History;
using Streaming.Training.Segments;
using Streaming.Training.Segments.Report;
using Streaming.Training.Segments.Rules;

namespace Streaming.Training.Tests.Segments.Report;

/// <summary>
/// A shop small enough to compute by hand: 12 who bought once, for 1 to 12; 12 who bought for 100 on each of three days, 4 days apart; and some who bought once and gave ten times back.
/// </summary>
internal static class SmallShop
{
    public const string Hostile = "<script>alert('x')</script> & \"q\" ]]> \u0007\u202e";
    private const long DayMs = 86_400_000;

    public static SegmentReport Report(int returners = 0, RuleSet? rules = null, int seed = 1, SegmentMoves? moves = null)
    {
        var events = new List<TrainingEvent>();
        for (var i = 0; i < 12; i++)
        {
            events.Add(new($"person-a{i}", EventType.Purchase, 10 * DayMs, "a", UnitPrice: i + 1));
            for (var day = 0; day < 3; day++) events.Add(new($"person-b{i}", EventType.Purchase, (2 + (4 * day)) * DayMs, "b", Quantity: 2, UnitPrice: 50));
        }

        for (var i = 0; i < returners; i++)
        {
            events.Add(new($"person-c{i}", EventType.Purchase, 3 * DayMs, "c", UnitPrice: 7_531));
            events.AddRange(Enumerable.Range(0, 10).Select(_ => new TrainingEvent($"person-c{i}", EventType.Refund, 4 * DayMs, "c")));
        }

        var history = TrainingHistory.Sorted([.. events, new("guest", EventType.View, 12 * DayMs, "a", IsGuest: true)], [new() { ItemId = "a", Title = "plain" }, new() { ItemId = "b", Title = Hostile }]);
        var customers = BehaviourTable.At(history.Events, 12 * DayMs);
        var scale = BehaviourScale.Fit(customers);
        double[] Centre(string group) => scale.Point(customers.First(c => c.User.StartsWith(group, StringComparison.Ordinal)));
        double[][] centres = [Centre("person-a"), Centre("person-b"), .. returners > 0 ? [Centre("person-c")] : Array.Empty<double[]>()];
        var model = new SegmentModel(scale, centres, [.. ((string[])["low occasions", "high occasions", "high refundShare"]).Take(centres.Length)], RfmQuintiles.Fit(customers));
        return SegmentReportBuilder.Build(history, model, customers, moves, rules, seed);
    }

    public static SegmentMoves Moves() => new(0, 28 * DayMs, ["high occasions", "gone"], ["low occasions", "high occasions"], [[11, 3], [0, 40]], [12, 2]);
}
