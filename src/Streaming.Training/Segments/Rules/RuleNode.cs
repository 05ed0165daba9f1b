namespace Streaming.Training.Segments.Rules;

/// <summary>Node of a rule's tree: a condition, a number or a text by its unit.</summary>
/// <param name="Unit">Unit of its value; null: a condition.</param>
/// <param name="Depth">Nodes from here to the farthest leaf.</param>
internal abstract record RuleNode(RuleUnit? Unit, int Depth)
{
    /// <summary>True where it is true, false or unknown.</summary>
    public bool IsCondition => Unit is null;
    /// <summary>True where it is a text.</summary>
    public bool IsText => Unit is RuleUnit.Text;
    /// <summary>True where it is a number.</summary>
    public bool IsNumber => Unit is not (null or RuleUnit.Text);
    /// <summary>Nodes below.</summary>
    public abstract IEnumerable<RuleNode> Children { get; }
}

/// <summary>A number, never negative.</summary>
internal sealed record NumberNode(double Value) : RuleNode(RuleUnit.Plain, 1)
{
    public override IEnumerable<RuleNode> Children => [];
}

/// <summary>A text.</summary>
internal sealed record TextNode(string Value) : RuleNode(RuleUnit.Text, 1)
{
    public override IEnumerable<RuleNode> Children => [];
}

/// <summary>A field.</summary>
internal sealed record FieldNode(int Index, RuleField Field) : RuleNode(Field.Unit, 1)
{
    public override IEnumerable<RuleNode> Children => [];
}

/// <summary>Sign.</summary>
internal sealed record NegateNode(RuleNode Of) : RuleNode(Of.Unit, Of.Depth + 1)
{
    public override IEnumerable<RuleNode> Children => [Of];
}

/// <summary>+, −, × or ÷; the operator in ASCII.</summary>
internal sealed record ArithmeticNode(char Operator, RuleNode Left, RuleNode Right, RuleUnit Result) : RuleNode(Result, Math.Max(Left.Depth, Right.Depth) + 1)
{
    public override IEnumerable<RuleNode> Children => [Left, Right];
}

/// <summary>A comparison: =, !=, &lt;, &lt;=, &gt; or &gt;=.</summary>
internal sealed record CompareNode(string Operator, RuleNode Left, RuleNode Right) : RuleNode(null, Math.Max(Left.Depth, Right.Depth) + 1)
{
    public override IEnumerable<RuleNode> Children => [Left, Right];
}

/// <summary>One of a list of literals.</summary>
internal sealed record InNode(RuleNode Of, IReadOnlyList<RuleValue> List) : RuleNode(null, Of.Depth + 1)
{
    public override IEnumerable<RuleNode> Children => [Of];
}

/// <summary>Within two ends, both included.</summary>
internal sealed record BetweenNode(RuleNode Of, RuleNode Low, RuleNode High) : RuleNode(null, Math.Max(Of.Depth, Math.Max(Low.Depth, High.Depth)) + 1)
{
    public override IEnumerable<RuleNode> Children => [Of, Low, High];
}

/// <summary>Not.</summary>
internal sealed record NotNode(RuleNode Of) : RuleNode(null, Of.Depth + 1)
{
    public override IEnumerable<RuleNode> Children => [Of];
}

/// <summary>Conditions joined by and.</summary>
internal sealed record AllNode(IReadOnlyList<RuleNode> Parts) : RuleNode(null, Parts.Max(p => p.Depth) + 1)
{
    public override IEnumerable<RuleNode> Children => Parts;
}

/// <summary>Conditions joined by or.</summary>
internal sealed record AnyNode(IReadOnlyList<RuleNode> Parts) : RuleNode(null, Parts.Max(p => p.Depth) + 1)
{
    public override IEnumerable<RuleNode> Children => Parts;
}
