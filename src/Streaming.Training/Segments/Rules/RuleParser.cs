namespace Streaming.Training.Segments.Rules;

/// <summary>Recursive descent over the grammar of docs/segments.md; types and units are checked where they meet, so that an error has a place. No deeper than <see cref="Rule.MaxDepth"/>, whatever is written.</summary>
internal sealed class RuleParser
{
    private const string Operand = "a field, a number, a text or (";
    private const string Comparison = "a comparison (=, !=, <, <=, >, >=, in, between)";
    private readonly IReadOnlyList<RuleToken> _tokens;
    private readonly RuleSchema _schema;
    private int _at, _open;

    private RuleParser(IReadOnlyList<RuleToken> tokens, RuleSchema schema) => (_tokens, _schema) = (tokens, schema);

    private RuleToken Now => _tokens[_at];

    /// <summary>The tree of a rule.</summary>
    /// <exception cref="RuleException">With the column and what was expected there.</exception>
    public static RuleNode Parse(string text, RuleSchema schema)
    {
        var parser = new RuleParser(RuleLexer.Read(text), schema);
        var tree = parser.Or();
        if (!tree.IsCondition) throw parser.Expected(Comparison);
        if (parser.Now.Kind == RuleTokenKind.End) return tree;
        throw tree is CompareNode && IsComparison(parser.Now) ? new RuleException(parser.Now.Column, "comparisons are not chained; join two by and, or use between") : parser.Expected("and, or, or the end of the rule");
    }

    private RuleNode Or() => Joined("or", And, parts => new AnyNode(parts));

    private RuleNode And() => Joined("and", Not, parts => new AllNode(parts));

    private RuleNode Joined(string word, Func<RuleNode> part, Func<IReadOnlyList<RuleNode>, RuleNode> join)
    {
        var column = Now.Column;
        var first = part();
        if (!Is(word)) return first;
        List<RuleNode> parts = [Condition(first)];
        while (Skip(word)) parts.Add(Condition(part()));
        return Built(join(parts), column);
    }

    private RuleNode Not()
    {
        var column = Now.Column;
        return Skip("not") ? Built(new NotNode(Condition(Nested(Not))), column) : Test();
    }

    private RuleNode Test()
    {
        var column = Now.Column;
        var left = Sum();
        var at = Now;
        if (IsComparison(at))
        {
            _at++;
            var second = Now.Column;
            var right = Sum();
            return Built(Compared(at, Operands(left, column), Operands(right, second)), column);
        }

        var isNot = Is("not");
        if (isNot) _at++;
        RuleNode? test = Skip("in") ? In(Operands(left, column)) : Skip("between") ? Between(Number(left, column), at.Column) : null;
        if (test is null) return isNot ? throw Expected("in or between") : left;
        return Built(isNot ? new NotNode(test) : test, column);
    }

    private static CompareNode Compared(RuleToken at, RuleNode left, RuleNode right)
    {
        if (left.IsText != right.IsText) throw new RuleException(at.Column, "a text and a number cannot be compared");
        if (left.IsText && at.Text is not ("=" or "!=")) throw new RuleException(at.Column, "texts are compared by =, != or in");
        if (left.IsNumber) Common(left, right, at.Column, "compared");
        return new CompareNode(at.Text, left, right);
    }

    private InNode In(RuleNode of)
    {
        Require("(");
        var list = new List<RuleValue>();
        do
        {
            var isNegative = of.IsNumber && Skip("-");
            var kind = of.IsText ? RuleTokenKind.Text : RuleTokenKind.Number;
            if (Now.Kind != kind) throw Expected(of.IsText ? "a text in quotes" : "a number");
            if (list.Count == Rule.MaxList) throw new RuleException(Now.Column, $"a list has at most {Rule.MaxList} values");
            list.Add(of.IsText ? RuleValue.Of(Now.Text) : RuleValue.Of(isNegative ? -Now.Number : Now.Number));
            _at++;
        }
        while (Skip(","));
        if (!Skip(")")) throw Expected("a comma or )");
        return new InNode(of, list);
    }

    private BetweenNode Between(RuleNode of, int at)
    {
        var column = Now.Column;
        var low = Number(Sum(), column);
        Require("and");
        column = Now.Column;
        var high = Number(Sum(), column);
        Common(of, low, at, "compared");
        Common(of, high, at, "compared");
        Common(low, high, at, "compared");
        if (low is NumberNode a && high is NumberNode b && a.Value > b.Value) throw new RuleException(column, "the second end of between is less than the first, so that nothing is between");
        return new BetweenNode(of, low, high);
    }

    private RuleNode Sum() => Chain(Product, "+", "-");

    private RuleNode Product() => Chain(Unary, "*", "/");

    private RuleNode Chain(Func<RuleNode> part, string first, string second)
    {
        var column = Now.Column;
        var left = part();
        while (Is(first) || Is(second))
        {
            var at = Now;
            _at++;
            var start = Now.Column;
            var right = Number(part(), start);
            Number(left, column);
            var unit = at.Text switch
            {
                "+" or "-" => Common(left, right, at.Column, "added"),
                "*" => left.Unit == RuleUnit.Plain ? right.Unit : right.Unit == RuleUnit.Plain ? left.Unit : RuleUnit.Plain,
                _ => right.Unit == RuleUnit.Plain ? left.Unit : RuleUnit.Plain,
            };
            left = Built(new ArithmeticNode(at.Text[0], left, right, unit ?? RuleUnit.Plain), at.Column);
        }

        return left;
    }

    private RuleNode Unary()
    {
        var column = Now.Column;
        if (!Skip("-")) return Primary();
        var start = Now.Column;
        return Built(new NegateNode(Number(Nested(Unary), start)), column);
    }

    private RuleNode Primary()
    {
        var token = Now;
        if (token.Kind is RuleTokenKind.End or RuleTokenKind.Word || (token.Kind == RuleTokenKind.Symbol && token.Text != "(")) throw Expected(Operand);
        _at++;
        switch (token.Kind)
        {
            case RuleTokenKind.Number:
                return new NumberNode(token.Number);
            case RuleTokenKind.Text:
                return new TextNode(token.Text);
            case RuleTokenKind.Name:
                var index = _schema.IndexOf(token.Text);
                return index >= 0 ? new FieldNode(index, _schema.Fields[index]) : throw new RuleException(token.Column, _schema.Missing(token.Text));
            default:
                var inner = Nested(Or);
                if (!Skip(")")) throw Expected("an operator or )");
                return inner;
        }
    }

    private RuleNode Nested(Func<RuleNode> part)
    {
        if (++_open >= Rule.MaxDepth) throw TooDeep(Now.Column);
        var node = part();
        _open--;
        return node;
    }

    private static RuleNode Built(RuleNode node, int column) => node.Depth <= Rule.MaxDepth ? node : throw TooDeep(column);

    private static RuleException TooDeep(int column) => new(column, $"a rule is nested, and a sum or product chained, at most {Rule.MaxDepth} deep");

    private RuleNode Condition(RuleNode node) => node.IsCondition ? node : throw Expected(Comparison);

    private static RuleNode Number(RuleNode node, int column) => node.IsNumber ? node : throw new RuleException(column, $"expected a number, found {(node.IsText ? "a text" : "a condition")}");

    private static RuleNode Operands(RuleNode node, int column) => node.IsCondition ? throw new RuleException(column, "expected a number or a text, found a condition") : node;

    // The unit of a sum, or that of both sides of a comparison.
    private static RuleUnit? Common(RuleNode left, RuleNode right, int column, string done)
    {
        if (left.Unit == right.Unit || right.Unit == RuleUnit.Plain) return left.Unit;
        return left.Unit == RuleUnit.Plain ? right.Unit : throw new RuleException(column, $"{Name(left.Unit)} and {Name(right.Unit)} cannot be {done}");
    }

    private static string Name(RuleUnit? unit) => unit switch
    {
        RuleUnit.Count => "a count", RuleUnit.Days => "days", RuleUnit.Money => "money", RuleUnit.Share => "a share", RuleUnit.Quintile => "a quintile", _ => "a number",
    };

    private static bool IsComparison(RuleToken token) => token is { Kind: RuleTokenKind.Symbol, Text: "=" or "!=" or "<" or "<=" or ">" or ">=" };

    private bool Is(string text) => Now.Kind is RuleTokenKind.Symbol or RuleTokenKind.Word && Now.Text == text;

    private bool Skip(string text)
    {
        if (!Is(text)) return false;
        _at++;
        return true;
    }

    private void Require(string text)
    {
        if (!Skip(text)) throw Expected(text);
    }

    private RuleException Expected(string what) => new(Now.Column, $"expected {what}, found {Now.Shown}");
}
