using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Streaming.Training.Segments;
using Streaming.Training.Segments.Rules;

namespace Streaming.Training.Tests.Segments.Rules;

public sealed partial class RuleSetTests
{
    private const string Examples = """[{"given":{"orders":4},"expected":true},{"given":{"orders":1},"expected":false}]""";

    [Fact]
    public void Parse_reads_rules_in_their_order()
    {
        var set = Parse($$"""{"rules":[{"name":"一","when":"orders > 3","examples":{{Examples}}},{"name":"b","when":"orders >= 2","examples":{{Examples}}}]}""");
        Assert.Equal([("一", "orders > 3"), ("b", "orders >= 2")], set.Rules.Select(r => (r.Name, r.Text)));
        Assert.Single(RuleSet.Parse((byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(One("orders > 3"))], CustomerRuleFields.Schema).Rules); // a byte order mark
    }

    [Fact]
    public void The_sample_file_holds()
    {
        var set = RuleSet.Parse(File.ReadAllBytes(Path.Combine(Root(), "docs", "samples", "segment-rules.json")), CustomerRuleFields.Schema);
        Assert.Contains("orders >= 3 and daysSinceLast > 2 * medianGapDays and refundShare < 0.2", set.Rules.Select(r => r.Text));
    }

    [Theory]
    [InlineData("orders > 3 and", """rule "r", when, column 15: expected a field""")]
    [InlineData("orders > 4", """rule "r", example 1: expected true, but the rule is false""")]
    [InlineData("orders > 0", """rule "r", example 2: expected false, but the rule is true""")]
    [InlineData("orders > 3 and lines > 1", """rule "r", example 1: expected true, but the rule is unknown (not given: lines)""")]
    public void A_wrong_rule_is_named_with_its_place_or_example(string when, string said) => Assert.Contains(said, Refused(One(when)), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{\n\"rules\": [\n}", "line 3, byte 1")]
    [InlineData("[]", "expected an object with rules")]
    [InlineData("{}", "rules is missing")]
    [InlineData("""{"rules":3}""", "rules must be an array")]
    [InlineData("""{"rules":[]}""", "no rule")]
    [InlineData("""{"rules":[],"rules":[]}""", "not JSON as expected")]
    [InlineData("""{"rules":[3]}""", "rule 1: expected an object")]
    [InlineData("""{"rules":[{"name":"r","when":"orders > 1","examples":[],"then":"x"}]}""", "\"then\" is not known here")]
    [InlineData("""{"rules":[{"name":"r","when":"orders > 1"}]}""", "examples is missing")]
    [InlineData("""{"rules":[{"name":" ","when":"orders > 1","examples":[]}]}""", "name must have")]
    [InlineData("""{"rules":[{"name":"a\nb","when":"orders > 1","examples":[]}]}""", "name must have")]
    [InlineData("""{"rules":[{"name":"r","when":7,"examples":[]}]}""", "when must be a text")]
    [InlineData("""{"rules":[{"name":"r","when":"orders > 1","examples":[]}]}""", "one that the rule is true of and one that it is false of")]
    [InlineData("""{"rules":[{"name":"r","when":"orders >= 0","examples":[{"given":{"orders":5},"expected":true},{"given":{},"expected":false}]}]}""", "one that the rule is true of and one that it is false of")]
    [InlineData("""{"rules":[{"name":"r","when":"refundShare < 20","examples":[{"given":{"refundShare":5},"expected":true}]}]}""", "refundShare cannot be 5: it is 0 to 1")]
    [InlineData("""{"rules":[{"name":"r","when":"recencyQuintile >= 4","examples":[{"given":{"recencyQuintile":4.5},"expected":true}]}]}""", "recencyQuintile cannot be 4.5: it is 1, 2, 3, 4 or 5")]
    [InlineData("""{"rules":[{"name":"r","when":"orders > 1","examples":[{"given":{"orders":-1},"expected":false}]}]}""", "orders cannot be -1: it is at least 0")]
    [InlineData("""{"rules":[{"name":"r","when":"orders > 1","examples":[{"given":{"orders":1e999},"expected":true}]}]}""", "example 1: orders must be a number or null")]
    [InlineData("""{"rules":[{"name":"r","when":"orders > 1","examples":[{"given":{"orders":"3"},"expected":true}]}]}""", "example 1: orders must be a number or null")]
    [InlineData("""{"rules":[{"name":"r","when":"orders > 1","examples":[{"given":{"segment":3},"expected":true}]}]}""", "segment must be a text or null")]
    [InlineData("""{"rules":[{"name":"r","when":"orders > 1","examples":[{"given":{"order":3},"expected":true}]}]}""", "did you mean orders?")]
    [InlineData("""{"rules":[{"name":"r","when":"orders > 1","examples":[{"given":{"orders":3},"expected":"yes"}]}]}""", "expected must be true or false")]
    [InlineData("""{"rules":[{"name":"r","when":"orders > 1","examples":[{"given":[],"expected":true}]}]}""", "given must be an object")]
    [InlineData("""{"rules":[{"name":"\ud800","when":"orders > 1","examples":[]}]}""", "well-formed")]
    [InlineData("""{"rules":[[[[[[[[[[[]]]]]]]]]]]}""", "not JSON as expected")]
    public void A_file_that_is_not_as_agreed_is_refused(string json, string said) => Assert.Contains(said, Refused(json), StringComparison.Ordinal);

    [Fact]
    public void Names_that_are_there_twice_and_too_many_rules_or_bytes_are_refused()
    {
        string Rule(string name) => $$"""{"name":"{{name}}","when":"orders > 3","examples":{{Examples}}}""";
        Assert.Contains("two rules have the name \"r\"", Refused($$"""{"rules":[{{Rule("r")}},{{Rule("r")}}]}"""), StringComparison.Ordinal);
        string Many(int n) => $$"""{"rules":[{{string.Join(",", Enumerable.Range(0, n).Select(i => Rule($"r{i}")))}}]}""";
        Assert.Equal(RuleSet.MaxRules, Parse(Many(RuleSet.MaxRules)).Rules.Count);
        Assert.Contains("at most 100", Refused(Many(RuleSet.MaxRules + 1)), StringComparison.Ordinal);
        Assert.Contains("bytes", Refused(One("orders > 3") + new string(' ', RuleSet.MaxBytes)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_any_bytes_changed_is_read_or_refused() => Gen.Select(Gen.Int[0, 100_000], Gen.Byte, Gen.Int[0, 100_000], Gen.Byte).Sample((at, value, second, other) =>
    {
        var bytes = Encoding.UTF8.GetBytes(One("orders > 3 or segment = '和'"));
        (bytes[at % bytes.Length], bytes[second % bytes.Length]) = (value, other);
        try
        {
            Assert.Single(RuleSet.Parse(bytes, CustomerRuleFields.Schema).Rules);
        }
        catch (RuleException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }, iter: 20_000);

    [Fact]
    public void Every_field_has_its_row_in_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "segments.md"));
        Assert.All(CustomerRuleFields.Schema.Fields, f => Assert.Contains($"| `{f.Name}` | {f.Unit.ToString().ToLowerInvariant()} | {f.About} |", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Values_of_a_customer_are_in_the_order_of_the_fields()
    {
        var customer = new CustomerBehaviour("c", 12, 4, 200, []) { Lines = (10, 5, 40, 8), DaysSinceFirst = 100, MedianGapDays = 30 };
        var values = CustomerRuleFields.Values(customer, new RfmQuintiles([1, 2, 3, 20], [1, 2, 3, 4], [1, 2, 3, 300]), "x");
        (string, object?)[] expected =
        [
            ("orders", 4.0), ("lines", 10.0), ("amount", 200.0), ("amountPerOrder", 50.0), ("linesPerOrder", 2.5), ("looksPerOrder", 2.0), ("daysSinceFirst", 100.0), ("daysSinceLast", 12.0), ("medianGapDays", 30.0),
            ("repeatShare", 0.5), ("refundShare", 0.8), ("recencyQuintile", 2.0), ("frequencyQuintile", 4.0), ("amountQuintile", 4.0), ("rfmSegment", "at risk"), ("segment", "x"),
        ];
        Assert.Equal(expected, CustomerRuleFields.Schema.Fields.Select((f, i) => (f.Name, (object?)values[i].Number ?? values[i].Text)));
    }

    /// <summary>The engine is to take the folder over without training: nothing in it names a type from outside it.</summary>
    [Fact]
    public void The_folder_of_rules_needs_nothing_of_training()
    {
        var types = typeof(Rule).Assembly.GetTypes().Where(t => t.Namespace is { } n && n.StartsWith("Streaming", StringComparison.Ordinal) && n != typeof(Rule).Namespace && !t.IsNested).Select(t => t.Name.Split('`')[0]).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("SegmentModel", types);
        var sources = Directory.GetFiles(Path.Combine(Root(), "src", "Streaming.Training", "Segments", "Rules"), "*.cs");
        Assert.NotEmpty(sources);
        foreach (var source in sources)
        {
            var text = Comment().Replace(File.ReadAllText(source), "");
            Assert.DoesNotContain("using Streaming", text, StringComparison.Ordinal);
            Assert.Empty(Word().Matches(text).Select(m => m.Value).Where(types.Contains).Distinct().Select(t => $"{Path.GetFileName(source)} names {t}"));
        }
    }

    private static string One(string when) => $$"""{"rules":[{"name":"r","when":"{{when}}","examples":{{Examples}}}]}""";

    private static RuleSet Parse(string json) => RuleSet.Parse(Encoding.UTF8.GetBytes(json), CustomerRuleFields.Schema);

    private static string Refused(string json) => Assert.Throws<RuleException>(() => Parse(json)).Message;

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", ".."));

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<![.\w""])[A-Z]\w+")]
    private static partial Regex Word();
}
