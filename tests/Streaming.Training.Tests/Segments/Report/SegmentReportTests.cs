using System.Text;
using System.Text.Json;
using Streaming.Training.Segments;
using Streaming.Training.Segments.Report;
using Streaming.Training.Segments.Rules;

namespace Streaming.Training.Tests.Segments.Report;

public sealed class SegmentReportTests
{
    [Fact]
    public void Figures_of_a_small_shop_by_hand()
    {
        var report = SmallShop.Report();
        Assert.Equal(24, report.Customers);
        Assert.Equal(["high occasions", "low occasions"], report.Segments.Select(s => s.Name)); // by value
        Assert.Equal([12, 12], report.Segments.Select(s => s.Customers));
        Assert.Equal(3_600.0 / 3_678, report.Segments[0].ValueShare!.Value, 1e-12);
        Assert.Equal(["amount", "orders", "amountPerOrder"], report.Behaviours.Select(b => b.Key)); // in the others all are alike: both bought on the tenth day last, nobody gave back
        Assert.Equal(new Quartiles(12, 3.75, 6.5, 9.25), report.Segments[1].Behaviours[0]);
        Assert.Equal(new Quartiles(12, 300, 300, 300), report.Segments[0].Behaviours[0]);
        Assert.Equal(new Quartiles(24, 6.75, 156, 300), report.All[0]);
        Assert.Equal([1, 1, 1], report.Segments[0].Effects.Select(e => e!.Delta));
        Assert.Equal([-1, -1, -1], report.Segments[1].Effects.Select(e => e!.Low));
        Assert.Equal(6.5, report.Segments[0].Effects[0]!.RestMedian);
        Assert.Equal(["amount", "orders", "amountPerOrder"], report.Apart(report.Segments[0]).Select(a => a.Behaviour.Key));
        Assert.All(report.Segments, s => Assert.Equal(1, s.Silhouette!.Value, 0.3));
        Assert.Equal(report.Distances[0][1], report.Distances[1][0]);
        Assert.True(report.Distances[0][1] > 1);
    }

    [Fact]
    public void Of_fewer_than_ten_customers_nothing_is_said_and_neither_value_nor_behaviour_can_be_worked_out()
    {
        var report = SmallShop.Report(returners: 4, moves: SmallShop.Moves());
        var few = report.Segments[^1];
        Assert.Equal(("high refundShare", null, null, null, null), (few.Name, few.Customers, few.Share, few.ValueShare, few.Silhouette));
        Assert.Null(few.Spread);
        Assert.All(few.Behaviours, Assert.Null);
        Assert.All(few.Effects, Assert.Null);
        Assert.Empty(few.Items);
        Assert.Equal(1, report.Segments.Count(s => s.ValueShare is not null)); // with both others' share its own would be known
        Assert.Equal([null, null], report.Distances.Take(2).Select(row => row[2]));
        Assert.Null(report.Map.Centres[2]);
        Assert.DoesNotContain(report.Map.Sample, p => p.Segment == 2);
        var page = Encoding.UTF8.GetString(ReportPage.Write(report, "v", ReportLanguage.En));
        Assert.Contains("too few to say anything", page, StringComparison.Ordinal);
        Assert.DoesNotContain("7,531", page, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(ReportJson.Write(report, "m", "v"));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("segments")[2].GetProperty("behaviours").GetProperty("amount").GetProperty("median").ValueKind);
        Assert.Equal("[[11,null],[0,40]]", JsonSerializer.Serialize(json.RootElement.GetProperty("moves").GetProperty("counts")));
        Assert.Equal("[12,null]", JsonSerializer.Serialize(json.RootElement.GetProperty("moves").GetProperty("joined")));
        Assert.Equal(10, SmallShop.Report(returners: 10).Segments.Single(s => s.Name == "high refundShare").Customers);
    }

    [Fact]
    public void No_id_of_a_person_is_in_what_is_written()
    {
        var report = SmallShop.Report(returners: 4, Rules("orders > 1"), moves: SmallShop.Moves());
        foreach (var bytes in Written(report)) Assert.DoesNotContain("person", Encoding.UTF8.GetString(bytes).Replace("speaking of persons", "", StringComparison.Ordinal).Replace("id of a person", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_data_and_seed_give_the_same_bytes()
    {
        byte[][] once = Written(SmallShop.Report(10, Rules("orders > 1"))), again = Written(SmallShop.Report(10, Rules("orders > 1")));
        Assert.Equal(once, again);
    }

    [Fact]
    public void Rules_are_counted_beside_the_segments()
    {
        var report = SmallShop.Report(returners: 4, rules: Rules("orders > 1", "medianGapDays > 1", "amount < 12", "amount <= 5", "segment = 'no such' or amount > 4", "amount > 1000000"));
        Assert.Equal([12, 12, 11, null, 24, 0], report.Rules.Select(r => r.Customers)); // amount > 4: 12 + 8 + 4
        Assert.Equal(12.0 / 28, report.Rules[0].Share!.Value, 1e-12);
        Assert.Null(report.Rules[0].ValueShare); // the first segment's: with the second's that of the four would be known
        var shown = SmallShop.Report(returners: 10, rules: Rules("orders > 1")).Rules[0];
        Assert.Equal(3_600.0 / (3_678 + (10 * 7_531)), shown.ValueShare!.Value, 1e-12);
        Assert.Equal([12, 0, 0], report.Rules[0].Overlap);
        Assert.Equal([0, 16, 0, 0, 0, 0], report.Rules.Select(r => r.Unknown)); // one order has no gap
        Assert.Null(report.Rules[4].ValueShare); // the other four would be known
        Assert.Null(report.Rules[4].Overlap[1]);
        Assert.Null(report.Rules[3].Share);
        Assert.Equal(["no such"], report.Rules[4].NoSuchSegments);
    }

    [Fact]
    public void Moves_are_counted_and_take_the_names_of_the_model_that_is_written()
    {
        SegmentModel Model(string[] names, params double[] at) => new(new BehaviourScale([-9], [9], [0], [1]), [.. at.Select(x => (double[])[x])], names, new RfmQuintiles([], [], []));
        var (former, later, written) = (Model(["p", "q"], 0, 5), Model(["p", "q", "r"], 0, 5, 9), Model(["high", "low"], 5.1, 0.2));
        var moves = SegmentMoves.Of(1, 2, former, later, new Dictionary<string, string> { ["x"] = "p", ["y"] = "p", ["z"] = "q", ["left"] = "q" }, new Dictionary<string, string> { ["x"] = "p", ["y"] = "r", ["z"] = "q", ["new"] = "q" });
        Assert.Equal([[1, 0, 1], [0, 1, 0]], moves.Counts);
        Assert.Equal([0, 1, 0], moves.Joined);
        Assert.Equal(["low", "high"], moves.Named(later, written).From);
        Assert.Equal(["low", "high", "r *"], moves.Named(later, written).To);
    }

    [Theory]
    [InlineData("high occasions, low gapDays", "Many orders, short gaps between orders", "下单多，下单间隔短")]
    [InlineData("low refundShare 2", "Little given back (2)", "退货少 (2)")]
    [InlineData("average", "Average", "各方面居中")]
    [InlineData("VIP <b>", "VIP <b>", "VIP <b>")]
    public void Names_are_said_in_words_where_they_are_our_own(string name, string english, string chinese) =>
        Assert.Equal((english, chinese), (SegmentTitles.Of(name, ReportLanguage.En), SegmentTitles.Of(name, ReportLanguage.Zh)));

    internal static RuleSet Rules(params string[] rules) => RuleSet.Parse(JsonSerializer.SerializeToUtf8Bytes(new
    {
        rules = rules.Select((when, i) => new { name = $"rule {i}", when, examples = (object[])[Example(when, true), Example(when, false)] }),
    }), CustomerRuleFields.Schema);

    // The example that fits: each of these rules is on one field that grows or shrinks into it.
    private static object Example(string when, bool expected)
    {
        var field = when.Contains("amount", StringComparison.Ordinal) ? "amount" : when.Split(' ')[0];
        var isMore = when.Contains('>', StringComparison.Ordinal) == expected;
        return new { given = new Dictionary<string, double> { [field] = isMore ? 1e9 : 0 }.ToDictionary(p => p.Key, p => (object)p.Value).Concat(when.StartsWith("segment", StringComparison.Ordinal) ? [new("segment", "other")] : Array.Empty<KeyValuePair<string, object>>()).ToDictionary(), expected };
    }

    private static byte[][] Written(SegmentReport report) => [ReportPage.Write(report, "v", ReportLanguage.En), ReportPage.Write(report, "v", ReportLanguage.Zh), ReportJson.Write(report, "m", "v")];
}
