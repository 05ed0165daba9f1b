namespace Streaming.Training.Segments.Rules;

/// <summary>A segment rule by hand, checked and ready. Evaluating it runs no code but its own arithmetic and comparisons.</summary>
public sealed class Rule
{
    /// <summary>Most characters of a rule.</summary>
    public const int MaxLength = 2_000;
    /// <summary>Deepest nesting; each further term of a sum or product goes one deeper.</summary>
    public const int MaxDepth = 32;
    /// <summary>Most values in a list.</summary>
    public const int MaxList = 100;

    private readonly RuleNode _tree;
    private readonly RuleSchema _schema;

    private Rule(string name, string text, RuleNode tree, RuleSchema schema) => (Name, Text, _tree, _schema) = (name, text, tree, schema);

    /// <summary>Name of the segment.</summary>
    public string Name { get; }

    /// <summary>The rule as it was written.</summary>
    public string Text { get; }

    /// <summary>Fields that it names, in the schema's order.</summary>
    public IReadOnlyList<RuleField> Fields => [.. Nodes().OfType<FieldNode>().DistinctBy(f => f.Index).OrderBy(f => f.Index).Select(f => f.Field)];

    /// <summary>Parses a rule.</summary>
    /// <exception cref="RuleException">With the column and what was expected there.</exception>
    public static Rule Parse(string name, string text, RuleSchema schema) => new(name, text, RuleParser.Parse(text, schema), schema);

    /// <summary>True where it holds; unknown never matches.</summary>
    /// <param name="values">In the order of the schema's fields.</param>
    public bool Matches(ReadOnlySpan<RuleValue> values) => Evaluate(values) == true;

    /// <summary>True, false, or null: it cannot be said, since values are missing.</summary>
    /// <param name="values">In the order of the schema's fields.</param>
    /// <exception cref="ArgumentException">Not as many values as fields.</exception>
    public bool? Evaluate(ReadOnlySpan<RuleValue> values) => values.Length == _schema.Fields.Count
        ? RuleEvaluator.Truth(_tree, values)
        : throw new ArgumentException($"{values.Length} values for {_schema.Fields.Count} fields", nameof(values));

    /// <summary>Texts that a field is compared with by =, != or in.</summary>
    internal IEnumerable<string> TextsFor(string field) => Nodes().SelectMany(n => n switch
    {
        InNode { Of: FieldNode f } list when f.Field.Name == field => list.List.Select(v => v.Text).OfType<string>(),
        CompareNode { Left: FieldNode f, Right: TextNode t } when f.Field.Name == field => [t.Value],
        CompareNode { Left: TextNode t, Right: FieldNode f } when f.Field.Name == field => [t.Value],
        _ => [],
    }).Distinct(StringComparer.Ordinal);

    private IEnumerable<RuleNode> Nodes()
    {
        var left = new Stack<RuleNode>([_tree]);
        while (left.TryPop(out var node))
        {
            yield return node;
            foreach (var child in node.Children) left.Push(child);
        }
    }
}
