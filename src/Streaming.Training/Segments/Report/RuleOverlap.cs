using Streaming.Training.Segments.Rules;

namespace Streaming.Training.Segments.Report;

/// <summary>Whom each rule matches, beside the learned segments.</summary>
internal static class RuleOverlap
{
    /// <summary>Evaluates rules on all customers.</summary>
    /// <param name="rules">Rules.</param>
    /// <param name="model">Quintiles and names of segments.</param>
    /// <param name="customers">Customers.</param>
    /// <param name="belongs">Number of each customer's segment.</param>
    /// <param name="names">Names by number.</param>
    public static IReadOnlyList<RuleFigures> Of(IReadOnlyList<Rule> rules, SegmentModel model, IReadOnlyList<CustomerBehaviour> customers, int[] belongs, string[] names)
    {
        RuleValue[][] values = [.. customers.Select((c, i) => CustomerRuleFields.Values(c, model.Rfm, names[belongs[i]]))];
        var all = customers.Sum(c => c.Amount);
        int[] sizes = [.. Enumerable.Range(0, names.Length).Select(s => belongs.Count(b => b == s))];
        var isOneHidden = sizes.Any(SmallGroups.Hides);
        return [.. rules.Select(rule =>
        {
            var overlap = new int[names.Length];
            var (unknown, value) = (0, 0.0);
            for (var i = 0; i < customers.Count; i++)
            {
                var truth = rule.Evaluate(values[i]);
                if (truth is null) unknown++;
                if (truth != true) continue;
                overlap[belongs[i]]++;
                value += customers[i].Amount;
            }

            var matched = overlap.Sum();
            var isHidden = SmallGroups.Hides(matched);
            return new RuleFigures(rule.Name, rule.Text, SmallGroups.Shown(matched), isHidden ? null : (double)matched / customers.Count, isHidden || SmallGroups.Hides(customers.Count - matched) || all <= 0 || (isOneHidden && IsNearlySegments(overlap, sizes)) ? null : value / all,
                SmallGroups.Shown(unknown), [.. overlap.Select(SmallGroups.Shown)], [.. rule.TextsFor(CustomerRuleFields.Segment).Where(t => !names.Contains(t, StringComparer.Ordinal))]);
        })];
    }

    // Some segments, give or take a few customers: with the shares of the others its own would tell that of the segment that is not shown.
    private static bool IsNearlySegments(int[] overlap, int[] sizes) => overlap.Select((n, s) => Math.Min(n, sizes[s] - n)).Sum() < SmallGroups.Least;
}
