using CsCheck;
using Streaming.Training.Segments.Rules;

namespace Streaming.Training.Tests.Segments.Rules;

public sealed class RuleEvaluatorTests
{
    [Fact]
    public void Truth_is_that_of_a_naive_reference()
    {
        var seen = new int[3];
        Gen.ULong.Sample(seed =>
        {
            var random = new SeededRandom(seed);
            var tree = RandomRules.Condition(random, 3);
            for (var i = 0; i < 5; i++)
            {
                var values = RandomRules.Values(random);
                var expected = RandomRules.Truth(tree, values);
                Interlocked.Increment(ref seen[(int)(2 * expected)]);
                Assert.True(RuleEvaluator.Truth(tree, values) == (expected == 0.5 ? null : expected == 1), $"{RulePrinter.Print(tree)} on {string.Join(", ", values)}");
            }
        }, iter: 5_000);
        Assert.All(seen, n => Assert.True(n > 500)); // true, false and unknown are all met with
    }

    [Theory]
    [InlineData("a > 1", null)]
    [InlineData("not a > 1", null)]
    [InlineData("a = a", null)]
    [InlineData("a in (1)", null)]
    [InlineData("t = 'x'", null)]
    [InlineData("a > 1 and b = 3", false)]
    [InlineData("a > 1 or b = 2", true)]
    [InlineData("a > 1 or b = 3", null)]
    [InlineData("b between a and 1", false)] // whatever a is, 2 is not at most 1
    [InlineData("b between a and 5", null)]
    [InlineData("b / 0 > 1", null)]
    [InlineData("b / 0 > 1 or not b / 0 > 1", null)]
    [InlineData("c * c > 1", null)] // beyond what a number can hold
    [InlineData("b / c < 1", true)]
    [InlineData("b between 2 and 2", true)]
    [InlineData("b in (1, 2)", true)]
    [InlineData("-b in (-2)", true)]
    [InlineData("u = 'X'", false)] // case counts
    [InlineData("u != 'X' and u in ('x', 'y')", true)]
    public void Unknown_is_neither_true_nor_false_and_never_matches(string text, bool? expected)
    {
        var rule = Rule.Parse("r", text, RandomRules.Schema);
        RuleValue[] values = [RuleValue.Unknown, RuleValue.Of(2), RuleValue.Of(1e300), RuleValue.Unknown, RuleValue.Of("x")];
        Assert.Equal(expected, rule.Evaluate(values));
        Assert.Equal(expected == true, rule.Matches(values));
    }

    [Fact]
    public void A_value_that_is_not_finite_is_unknown()
    {
        foreach (var number in (double?[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity, null]) Assert.Equal(RuleValue.Unknown, RuleValue.Of(number));
        Assert.NotEqual(RuleValue.Unknown, RuleValue.Of(0));
        Assert.NotEqual(RuleValue.Unknown, RuleValue.Of(""));
    }

    [Fact]
    public void Values_of_another_schema_are_refused() => Assert.Throws<ArgumentException>(() => Rule.Parse("r", "a > 1", RandomRules.Schema).Evaluate(new RuleValue[4]));

    [Fact]
    public void A_rule_knows_its_fields_and_the_texts_that_a_field_is_held_against()
    {
        var rule = Rule.Parse("r", "t in ('p', 'q') and ('r' = t or t != 'p') and u = 's' and b > 1", RandomRules.Schema);
        Assert.Equal(["b", "t", "u"], rule.Fields.Select(f => f.Name));
        Assert.Equal(["p", "q", "r"], rule.TextsFor("t").Order());
    }
}
