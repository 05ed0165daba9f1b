using CsCheck;
using Streaming.Training.Segments;
using Streaming.Training.Segments.Rules;

namespace Streaming.Training.Tests.Segments.Rules;

public sealed class RuleParserTests
{
    private static readonly RuleSchema Schema = CustomerRuleFields.Schema;

    [Fact]
    public void Print_and_parse_give_the_same_tree() => Gen.ULong.Sample(seed =>
    {
        var tree = RandomRules.Condition(new SeededRandom(seed), 3);
        var text = RulePrinter.Print(tree);
        if (text.Length > Rule.MaxLength) return;
        Assert.True(RandomRules.Same(tree, RuleParser.Parse(text, RandomRules.Schema)), text);
    }, iter: 3_000);

    [Theory]
    [InlineData("orders > 1 or lines > 2 and not amount > 3", "orders > 1 or lines > 2 and not amount > 3")]
    [InlineData("(orders > 1 or lines > 2) and amount > 3", "(orders > 1 or lines > 2) and amount > 3")]
    [InlineData("((orders)) + 2 * 3 > (1)", "orders + 2 * 3 > 1")]
    [InlineData("orders - (2 - 1) > 1", "orders - (2 - 1) > 1")]
    [InlineData("orders ≥ 3 AND daysSinceLast > 2 × medianGapDays and amount ÷ orders − 1 ≠ 4", "orders >= 3 and daysSinceLast > 2 * medianGapDays and amount / orders - 1 != 4")]
    [InlineData("orders not in (1, -2)", "not orders in (1, -2)")]
    [InlineData("orders not between 1 and 2 and lines > 1", "not orders between 1 and 2 and lines > 1")]
    [InlineData("segment = \"it's\"\n", "segment = 'it''s'")]
    [InlineData("amount > 1e3 and amount < 1.5E+4", "amount > 1000 and amount < 15000")]
    public void Parse_understands(string text, string canonical) => Assert.Equal(canonical, RulePrinter.Print(RuleParser.Parse(text, Schema)));

    [Theory]
    [InlineData("", 1, "expected a field, a number, a text or (, found the end of the rule")]
    [InlineData("orders", 7, "expected a comparison")]
    [InlineData("orders >", 9, "expected a field, a number, a text or (, found the end")]
    [InlineData("orders > 3 lines", 12, "expected and, or, or the end of the rule, found \"lines\"")]
    [InlineData("orders and lines > 1", 8, "expected a comparison (=, !=, <, <=, >, >=, in, between), found \"and\"")]
    [InlineData("not orders", 11, "expected a comparison")]
    [InlineData("1 < orders < 3", 12, "not chained")]
    [InlineData("(orders > 1", 12, "expected an operator or )")]
    [InlineData("orders > 1)", 11, "expected and, or")]
    [InlineData("orders == 1", 8, "equal is written =")]
    [InlineData("ordres > 1", 1, "did you mean orders?")]
    [InlineData("Orders > 1", 1, "did you mean orders?")]
    [InlineData("orders > daysSinceLast", 8, "a count and days cannot be compared")]
    [InlineData("daysSinceLast + amount > 3", 15, "days and money cannot be added")]
    [InlineData("orders between daysSinceLast and 3", 8, "a count and days cannot be compared")]
    [InlineData("orders between 5 and 2", 22, "nothing is between")]
    [InlineData("orders > 'x'", 8, "a text and a number")]
    [InlineData("segment < 'x'", 9, "texts are compared by")]
    [InlineData("segment + 1 = 2", 1, "expected a number, found a text")]
    [InlineData("-segment = 2", 2, "expected a number, found a text")]
    [InlineData("segment in (1)", 13, "expected a text in quotes")]
    [InlineData("orders in ('x')", 12, "expected a number")]
    [InlineData("orders in ()", 12, "expected a number")]
    [InlineData("orders in 3", 11, "expected (")]
    [InlineData("orders in (1", 13, "expected a comma or )")]
    [InlineData("orders not 3", 12, "expected in or between")]
    [InlineData("(orders > 1) > 2", 1, "found a condition")]
    [InlineData("(orders > 1) + 2 > 3", 1, "expected a number, found a condition")]
    [InlineData("segment = 'x", 11, "no closing '")]
    [InlineData("segment = 'a\u0007'", 13, "U+0007")]
    [InlineData("orders > 1e999", 10, "too large")]
    [InlineData("orders > 20%", 12, "found \"%\"")]
    [InlineData("orders > 1.2.3", 13, "found \".\"")]
    [InlineData("orders > .5", 10, "\".\" is no part of a rule")]
    [InlineData("orders\u00A0> 1", 7, "the character U+00A0")]
    [InlineData("оrders > 1", 1, "the character U+043E")] // a Cyrillic o
    [InlineData("segment = '🙂' x", 15, "found \"x\"")] // a character beyond the basic plane is one column
    [InlineData("orders > NaN", 10, "there is no field \"NaN\"")]
    [InlineData("orders.GetType() = 1", 7, "\".\" is no part of a rule")]
    [InlineData("orders; drop", 7, "\";\" is no part of a rule")]
    public void Parse_names_the_column_and_what_was_expected(string text, int column, string said)
    {
        var error = Assert.Throws<RuleException>(() => RuleParser.Parse(text, Schema));
        Assert.Equal(column, error.Column);
        Assert.StartsWith($"column {column}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_a_half_surrogate_is_refused() // not as inline data: it is no text that a test runner can pass on
    {
        foreach (var half in (string[])["\ud83d", "\ude42", "\ud83dx", "x\ude42"]) Assert.Contains("cannot stand in a text", Assert.Throws<RuleException>(() => RuleParser.Parse($"segment = '{half}'", Schema)).Message, StringComparison.Ordinal);
        Assert.Throws<RuleException>(() => RuleParser.Parse("orders \ud83d> 1", Schema));
    }

    [Fact]
    public void Parse_deep_and_long_rules_are_refused_and_the_deepest_allowed_are_not()
    {
        string Nested(int n, string open, string close) => string.Concat(Enumerable.Repeat(open, n)) + "orders > 1" + string.Concat(Enumerable.Repeat(close, n));
        string Sum(int terms) => string.Join(" + ", Enumerable.Repeat("orders", terms)) + " > 1";
        foreach (var text in (string[])[Nested(Rule.MaxDepth - 1, "(", ")"), Nested(Rule.MaxDepth - 2, "not ", ""), Sum(Rule.MaxDepth - 1), string.Join(" or ", Enumerable.Repeat("orders=1", 150))]) Assert.True(Rule.Parse("r", text, Schema).Fields.Count == 1);
        foreach (var text in (string[])[Nested(Rule.MaxDepth, "(", ")"), Nested(Rule.MaxDepth, "not ", ""), Nested(900, "(", ")"), Sum(Rule.MaxDepth), string.Concat(Enumerable.Repeat("-", 500)) + "orders > 1", string.Concat(Enumerable.Repeat("(", 1_990))])
        {
            Assert.Contains($"at most {Rule.MaxDepth} deep", Assert.Throws<RuleException>(() => RuleParser.Parse(text, Schema)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("at most 2000 characters", Assert.Throws<RuleException>(() => RuleParser.Parse(new string('(', 200_000), Schema)).Message, StringComparison.Ordinal);
        Assert.Contains($"at most {Rule.MaxList} values", Assert.Throws<RuleException>(() => RuleParser.Parse($"orders in ({string.Join(",", Enumerable.Range(0, Rule.MaxList + 1))})", Schema)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_any_text_gives_a_rule_or_an_error_with_a_column() => Gen.ULong.Sample(seed =>
    {
        string[] pieces = ["orders", "segment", "and", "or", "not", "in", "between", "(", ")", ",", "+", "-", "*", "/", "=", "<", ">=", "1", "2.5", "'x'", "\"", "é", "\0", "\u2212", "e", "1e9", "🙂", "\ud800"];
        var random = new SeededRandom(seed);
        var text = string.Join(random.Below(2) == 0 ? " " : "", Enumerable.Range(0, random.Below(25)).Select(_ => pieces[random.Below(pieces.Length)]));
        try
        {
            RuleParser.Parse(text, Schema);
        }
        catch (RuleException e)
        {
            Assert.InRange(e.Column ?? 0, 1, text.Length + 1);
        }
    }, iter: 20_000);

    [Fact]
    public void A_message_shows_no_character_that_a_terminal_acts_on()
    {
        var error = Assert.Throws<RuleException>(() => RuleParser.Parse("orders > 1 '\u202e evil'", Schema));
        Assert.Contains("U+202E", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', error.Message);
    }

    [Fact]
    public void A_schema_refuses_words_of_the_language_and_names_that_are_there_twice()
    {
        foreach (var names in (string[][])[["and"], ["In"], ["a b"], [""], ["x", "x"]]) Assert.Throws<ArgumentException>(() => new RuleSchema(names.Select(n => new RuleField(n, RuleUnit.Count, ""))));
    }
}
