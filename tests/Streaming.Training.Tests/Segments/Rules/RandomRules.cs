using Streaming.Training.Segments.Rules;

namespace Streaming.Training.Tests.Segments.Rules;

/// <summary>Trees and values drawn at random, and what a tree means by other means than the product's: truth as 1, ½ and 0, a value as NaN where it is unknown.</summary>
internal static class RandomRules
{
    public static readonly RuleSchema Schema = new([new("a", RuleUnit.Count, ""), new("b", RuleUnit.Count, ""), new("c", RuleUnit.Plain, ""), new("t", RuleUnit.Text, ""), new("u", RuleUnit.Text, "")]);

    private static readonly double[] Numbers = [0, 1, 2, 3, 0.5, 0.1, 7.25, 1e15, 1e300, double.Epsilon, double.MaxValue];
    private static readonly string[] Texts = ["", "x", "y z", "it's", "\"", "和", "🙂", "and"];

    public static RuleNode Condition(SeededRandom random, int depth) => (depth > 0 ? random.Below(8) : 3 + random.Below(5)) switch
    {
        0 => new NotNode(Condition(random, depth - 1)),
        1 => new AllNode(Parts(random, depth - 1)),
        2 => new AnyNode(Parts(random, depth - 1)),
        3 => new CompareNode(random.Below(2) == 0 ? "=" : "!=", Text(random), Text(random)),
        4 => new InNode(Text(random), [.. Enumerable.Range(0, 1 + random.Below(3)).Select(_ => RuleValue.Of(Texts[random.Below(Texts.Length)]))]),
        5 => new InNode(Number(random, depth), [.. Enumerable.Range(0, 1 + random.Below(3)).Select(_ => RuleValue.Of((random.Below(2) == 0 ? 1 : -1) * Numbers[1 + random.Below(Numbers.Length - 1)]))]),
        6 => new BetweenNode(Number(random, depth), new FieldNode(0, Schema.Fields[0]), Number(random, depth)),
        _ => new CompareNode(((string[])["=", "!=", "<", "<=", ">", ">="])[random.Below(6)], Number(random, depth), Number(random, depth)),
    };

    public static RuleValue[] Values(SeededRandom random)
    {
        RuleValue Value() => random.Below(4) == 0 ? RuleValue.Unknown : RuleValue.Of((random.Below(3) == 0 ? -1 : 1) * Numbers[random.Below(Numbers.Length)]);
        RuleValue Word() => random.Below(4) == 0 ? RuleValue.Unknown : RuleValue.Of(Texts[random.Below(Texts.Length)]);
        return [Value(), Value(), Value(), Word(), Word()];
    }

    /// <summary>1 true, ½ unknown, 0 false.</summary>
    public static double Truth(RuleNode node, RuleValue[] values)
    {
        double Half(bool unknown, Func<bool> otherwise) => unknown ? 0.5 : otherwise() ? 1 : 0;
        switch (node)
        {
            case NotNode not: return 1 - Truth(not.Of, values);
            case AllNode all: return all.Parts.Min(p => Truth(p, values));
            case AnyNode any: return any.Parts.Max(p => Truth(p, values));
            case InNode { Of.IsText: true } list: return Half(Word(list.Of, values) is null, () => list.List.Any(v => v.Text == Word(list.Of, values)));
            case InNode list: return Half(double.IsNaN(Amount(list.Of, values)), () => list.List.Any(v => v.Number == Amount(list.Of, values)));
            case BetweenNode between: return Math.Min(Truth(new CompareNode(">=", between.Of, between.Low), values), Truth(new CompareNode("<=", between.Of, between.High), values));
            case CompareNode { Left.IsText: true } compare:
                var (left, right) = (Word(compare.Left, values), Word(compare.Right, values));
                return Half(left is null || right is null, () => left == right == (compare.Operator == "="));
            case CompareNode compare:
                var (a, b) = (Amount(compare.Left, values), Amount(compare.Right, values));
                return Half(double.IsNaN(a) || double.IsNaN(b), () => compare.Operator switch { "=" => a.CompareTo(b) == 0, "!=" => a.CompareTo(b) != 0, "<" => a.CompareTo(b) < 0, "<=" => a.CompareTo(b) <= 0, ">" => a.CompareTo(b) > 0, _ => a.CompareTo(b) >= 0 });
            default: throw new ArgumentException(node.ToString());
        }
    }

    /// <summary>True for the same trees.</summary>
    public static bool Same(RuleNode a, RuleNode b) => a.GetType() == b.GetType() && a.Unit == b.Unit && a.Depth == b.Depth && (a, b) switch
    {
        (InNode x, InNode y) => x.List.SequenceEqual(y.List),
        (CompareNode x, CompareNode y) => x.Operator == y.Operator,
        (ArithmeticNode x, ArithmeticNode y) => x.Operator == y.Operator,
        (NumberNode or TextNode or FieldNode, _) => a == b,
        _ => true,
    } && a.Children.Count() == b.Children.Count() && a.Children.Zip(b.Children).All(p => Same(p.First, p.Second));

    private static RuleNode[] Parts(SeededRandom random, int depth) => [.. Enumerable.Range(0, 2 + random.Below(2)).Select(_ => Condition(random, depth))];

    private static RuleNode Text(SeededRandom random) => random.Below(2) == 0 ? new TextNode(Texts[random.Below(Texts.Length)]) : new FieldNode(3, Schema.Fields[3]) is var t && random.Below(2) == 0 ? t : new FieldNode(4, Schema.Fields[4]);

    private static RuleNode Number(SeededRandom random, int depth)
    {
        var kind = depth > 0 ? random.Below(5) : 3 + random.Below(2);
        if (kind == 3) return new NumberNode(Numbers[random.Below(Numbers.Length)]);
        if (kind == 4) return random.Below(3) is var f ? new FieldNode(f, Schema.Fields[f]) : throw new InvalidOperationException();
        var left = Number(random, depth - 1);
        if (kind == 0) return new NegateNode(left);
        var right = Number(random, depth - 1);
        var sign = "+-*/"[random.Below(4)];
        var (l, r) = (left.Unit == RuleUnit.Count, right.Unit == RuleUnit.Count);
        var isCount = sign switch { '*' => l != r, '/' => l && !r, _ => l || r };
        return new ArithmeticNode(sign, left, right, isCount ? RuleUnit.Count : RuleUnit.Plain);
    }

    private static string? Word(RuleNode node, RuleValue[] values) => node is TextNode text ? text.Value : values[((FieldNode)node).Index].Text;

    private static double Amount(RuleNode node, RuleValue[] values)
    {
        double Finite(double x) => double.IsFinite(x) ? x + 0.0 : double.NaN;
        return Finite(node switch
        {
            NumberNode number => number.Value,
            FieldNode field => values[field.Index].Number ?? double.NaN,
            NegateNode negate => 0 - Amount(negate.Of, values),
            ArithmeticNode { Operator: '+' } x => Amount(x.Left, values) + Amount(x.Right, values),
            ArithmeticNode { Operator: '-' } x => Amount(x.Left, values) - Amount(x.Right, values),
            ArithmeticNode { Operator: '*' } x => Amount(x.Left, values) * Amount(x.Right, values),
            ArithmeticNode x => Amount(x.Left, values) / Amount(x.Right, values),
            _ => throw new ArgumentException(node.ToString()),
        });
    }
}
