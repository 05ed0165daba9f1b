using System.Globalization;
using System.Text;

namespace Streaming.Training.Segments.Rules;

/// <summary>Writes a tree so that parsing gives the same tree: parentheses only where the grammar needs them.</summary>
internal static class RulePrinter
{
    private enum Level
    {
        Or,
        And,
        Not,
        Sum,
        Product,
        Unary,
        Primary,
    }

    /// <summary>The rule's text.</summary>
    public static string Print(RuleNode node)
    {
        var text = new StringBuilder();
        Write(text, node, Level.Or);
        return text.ToString();
    }

    private static void Write(StringBuilder text, RuleNode node, Level least)
    {
        var level = Of(node);
        if (level < least) text.Append('(');
        switch (node)
        {
            case NumberNode number: text.Append(Number(number.Value)); break;
            case TextNode literal: text.Append(Quoted(literal.Value)); break;
            case FieldNode field: text.Append(field.Field.Name); break;
            case NegateNode negate: Write(text.Append('-'), negate.Of, Level.Unary); break;
            case NotNode not: Write(text.Append("not "), not.Of, Level.Not); break;
            case AnyNode any: Join(text, any.Parts, " or ", Level.And); break;
            case AllNode all: Join(text, all.Parts, " and ", Level.Not); break;
            case ArithmeticNode arithmetic:
                Write(text, arithmetic.Left, level);
                Write(text.Append(' ').Append(arithmetic.Operator).Append(' '), arithmetic.Right, level + 1);
                break;
            case CompareNode compare:
                Write(text, compare.Left, Level.Sum);
                Write(text.Append(' ').Append(compare.Operator).Append(' '), compare.Right, Level.Sum);
                break;
            case InNode list:
                Write(text, list.Of, Level.Sum);
                text.Append(" in (").AppendJoin(", ", list.List.Select(v => v.Number is { } n ? Number(n) : Quoted(v.Text ?? ""))).Append(')');
                break;
            case BetweenNode between:
                Write(text, between.Of, Level.Sum);
                Write(text.Append(" between "), between.Low, Level.Sum);
                Write(text.Append(" and "), between.High, Level.Sum);
                break;
        }

        if (level < least) text.Append(')');
    }

    private static void Join(StringBuilder text, IReadOnlyList<RuleNode> parts, string word, Level least)
    {
        for (var i = 0; i < parts.Count; i++) Write(i == 0 ? text : text.Append(word), parts[i], least);
    }

    private static Level Of(RuleNode node) => node switch
    {
        AnyNode => Level.Or,
        AllNode => Level.And,
        NotNode or CompareNode or InNode or BetweenNode => Level.Not,
        ArithmeticNode { Operator: '+' or '-' } => Level.Sum,
        ArithmeticNode => Level.Product,
        NegateNode => Level.Unary,
        _ => Level.Primary,
    };

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
