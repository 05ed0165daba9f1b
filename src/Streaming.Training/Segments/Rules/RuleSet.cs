using System.Text.Json;

namespace Streaming.Training.Segments.Rules;

/// <summary>Rules of a file, each with examples that came out as the file says.</summary>
public sealed class RuleSet
{
    /// <summary>Most rules of a file.</summary>
    public const int MaxRules = 100;
    /// <summary>Most examples of a rule.</summary>
    public const int MaxExamples = 100;
    /// <summary>Most characters of a name.</summary>
    public const int MaxName = 100;
    /// <summary>Most bytes of a file.</summary>
    public const int MaxBytes = 1 << 20;

    private RuleSet(IReadOnlyList<Rule> rules) => Rules = rules;

    /// <summary>The rules, in the file's order.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>Reads <c>{"rules":[{"name","when","examples":[{"given":{field:value},"expected":true}]}]}</c>. A field that an example does not give, or gives as null, is unknown; each rule has an example that matches and one that does not.</summary>
    /// <param name="json">UTF-8, at most <see cref="MaxBytes"/>.</param>
    /// <param name="schema">The fields.</param>
    /// <exception cref="RuleException">Names the rule and the column, or the rule and the example, or the line of the file.</exception>
    public static RuleSet Parse(ReadOnlyMemory<byte> json, RuleSchema schema)
    {
        if (json.Length > MaxBytes) throw new RuleException($"a file of rules has at most {MaxBytes} bytes, not {json.Length}");
        if (json.Span is [0xEF, 0xBB, 0xBF, ..]) json = json[3..];
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            var rules = Items(Members(document.RootElement, "the file", "rules")[0], "rules", MaxRules).Select((rule, i) => Read(rule, i + 1, schema)).ToArray();
            if (rules.Length == 0) throw new RuleException("the file has no rule");
            var twice = rules.GroupBy(r => r.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
            return twice is null ? new RuleSet(rules) : throw new RuleException($"two rules have the name {RuleLexer.Shown(twice.Key)}");
        }
        catch (JsonException e)
        {
            throw new RuleException(e.LineNumber is { } line ? $"line {line + 1}, byte {e.BytePositionInLine + 1}: not JSON as expected: {e.Message}" : $"not JSON as expected: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new RuleException($"a text is not well-formed Unicode: {e.Message}", e);
        }
    }

    private static Rule Read(JsonElement of, int number, RuleSchema schema)
    {
        var members = Members(of, $"rule {number}", "name", "when", "examples");
        var name = Text(members[0], $"rule {number}: name");
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxName || name.Any(char.IsControl)) throw new RuleException($"rule {number}: name must have 1 to {MaxName} characters and no control characters");
        var where = $"rule {RuleLexer.Shown(name)}";
        Rule rule;
        try
        {
            rule = Rule.Parse(name, Text(members[1], $"{where}: when"), schema);
        }
        catch (RuleException e) when (e.Column is not null)
        {
            throw new RuleException($"{where}, when, {e.Message}", e);
        }

        var expected = Items(members[2], $"{where}: examples", MaxExamples).Select((example, i) => Check(rule, example, $"{where}, example {i + 1}", schema)).ToArray();
        return expected.Contains(true) && expected.Contains(false) ? rule : throw new RuleException($"{where}: examples must hold one that the rule is true of and one that it is false of, with every field that decides");
    }

    // What the rule is of the example: unknown, too, is as expected where false is, but shows nothing of the rule.
    private static bool? Check(Rule rule, JsonElement example, string where, RuleSchema schema)
    {
        var members = Members(example, where, "given", "expected");
        if (members[0].ValueKind != JsonValueKind.Object) throw new RuleException($"{where}: given must be an object of fields");
        if (members[1].ValueKind is not (JsonValueKind.True or JsonValueKind.False)) throw new RuleException($"{where}: expected must be true or false");
        var values = new RuleValue[schema.Fields.Count];
        foreach (var given in members[0].EnumerateObject())
        {
            var index = schema.IndexOf(given.Name);
            if (index < 0) throw new RuleException($"{where}: {schema.Missing(given.Name)}");
            values[index] = Value(given.Value, schema.Fields[index], where);
        }

        var (expected, found) = (members[1].GetBoolean(), rule.Evaluate(values));
        if (expected == (found == true)) return found;
        var missing = rule.Fields.Where(f => values[schema.IndexOf(f.Name)] == RuleValue.Unknown).Select(f => f.Name).ToArray();
        throw new RuleException($"{where}: expected {(expected ? "true" : "false")}, but the rule is {(found is null ? "unknown" : found.Value ? "true" : "false")}{(missing.Length > 0 ? $" (not given: {string.Join(", ", missing)})" : "")}");
    }

    private static RuleValue Value(JsonElement value, RuleField field, string where) => (value.ValueKind, field.Unit == RuleUnit.Text) switch
    {
        (JsonValueKind.Null, _) => RuleValue.Unknown,
        (JsonValueKind.String, true) => RuleValue.Of(value.GetString()),
        (JsonValueKind.Number, false) when value.TryGetDouble(out var number) && double.IsFinite(number) =>
            IsPossible(number, field.Unit) ? RuleValue.Of(number) : throw new RuleException($"{where}: {field.Name} cannot be {value.GetRawText()}: it is {Range(field.Unit)}"),
        (_, var isText) => throw new RuleException($"{where}: {field.Name} must be {(isText ? "a text" : "a number")} or null"),
    };

    private static bool IsPossible(double number, RuleUnit unit) => unit switch
    {
        RuleUnit.Share => number is >= 0 and <= 1,
        RuleUnit.Quintile => number is 1 or 2 or 3 or 4 or 5,
        RuleUnit.Count or RuleUnit.Days => number >= 0,
        _ => true,
    };

    private static string Range(RuleUnit unit) => unit switch { RuleUnit.Share => "0 to 1", RuleUnit.Quintile => "1, 2, 3, 4 or 5", _ => "at least 0" };

    // The members asked for, all of them and no other.
    private static JsonElement[] Members(JsonElement of, string where, params string[] names)
    {
        if (of.ValueKind != JsonValueKind.Object) throw new RuleException($"{where}: expected an object with {string.Join(", ", names)}");
        foreach (var member in of.EnumerateObject())
        {
            if (!names.Contains(member.Name, StringComparer.Ordinal)) throw new RuleException($"{where}: {RuleLexer.Shown(member.Name)} is not known here; there are {string.Join(", ", names)}");
        }

        return [.. names.Select(n => of.TryGetProperty(n, out var value) ? value : throw new RuleException($"{where}: {n} is missing"))];
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement of, string where, int most)
    {
        if (of.ValueKind != JsonValueKind.Array) throw new RuleException($"{where} must be an array");
        return of.GetArrayLength() <= most ? of.EnumerateArray() : throw new RuleException($"{where}: at most {most}, not {of.GetArrayLength()}");
    }

    private static string Text(JsonElement of, string where) => of.ValueKind == JsonValueKind.String ? of.GetString()! : throw new RuleException($"{where} must be a text");
}
