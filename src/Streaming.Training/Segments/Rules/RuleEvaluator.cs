namespace Streaming.Training.Segments.Rules;

/// <summary>
/// Evaluates a tree once through, each node at most once: time is bounded by the rule's length. Three-valued (Kleene): what depends on an unknown value is unknown; so are a division by zero and a result that is not finite.
/// </summary>
internal static class RuleEvaluator
{
    /// <summary>True, false, or null: unknown.</summary>
    /// <param name="node">A condition.</param>
    /// <param name="values">In the order of the schema's fields.</param>
    public static bool? Truth(RuleNode node, ReadOnlySpan<RuleValue> values)
    {
        switch (node)
        {
            case AllNode all: return Joined(all.Parts, values, decides: false);
            case AnyNode any: return Joined(any.Parts, values, decides: true);
            case NotNode not: return !Truth(not.Of, values);
            case CompareNode compare when compare.Left.IsText:
                if (Value(compare.Left, values).Text is not { } left || Value(compare.Right, values).Text is not { } right) return null;
                return string.Equals(left, right, StringComparison.Ordinal) == (compare.Operator == "=");
            case CompareNode compare: return Compared(compare.Operator, Value(compare.Left, values).Number, Value(compare.Right, values).Number);
            case InNode list:
                var of = Value(list.Of, values);
                return of == RuleValue.Unknown ? null : list.List.Contains(of);
            case BetweenNode between:
                var (at, low, high) = (Value(between.Of, values).Number, Value(between.Low, values).Number, Value(between.High, values).Number);
                return And(Compared(">=", at, low), Compared("<=", at, high));
            default: throw new InvalidOperationException($"{node.GetType().Name} is no condition");
        }
    }

    private static RuleValue Value(RuleNode node, ReadOnlySpan<RuleValue> values)
    {
        switch (node)
        {
            case NumberNode number: return RuleValue.Of(number.Value);
            case TextNode text: return RuleValue.Of(text.Value);
            case FieldNode field: return values[field.Index];
            case NegateNode negate: return RuleValue.Of(-Value(negate.Of, values).Number);
            case ArithmeticNode arithmetic:
                var (left, right) = (Value(arithmetic.Left, values).Number, Value(arithmetic.Right, values).Number);
                return RuleValue.Of(arithmetic.Operator switch { '+' => left + right, '-' => left - right, '*' => left * right, _ => left / right });
            default: throw new InvalidOperationException($"{node.GetType().Name} is no value");
        }
    }

    private static bool? Joined(IReadOnlyList<RuleNode> parts, ReadOnlySpan<RuleValue> values, bool decides)
    {
        bool? all = !decides;
        foreach (var part in parts)
        {
            var truth = Truth(part, values);
            if (truth == decides) return decides;
            if (truth is null) all = null;
        }

        return all;
    }

    private static bool? And(bool? a, bool? b) => a == false || b == false ? false : a is null || b is null ? null : true;

    private static bool? Compared(string comparison, double? left, double? right)
    {
        if (left is not { } a || right is not { } b) return null;
        return comparison switch { "=" => a == b, "!=" => a != b, "<" => a < b, "<=" => a <= b, ">" => a > b, _ => a >= b };
    }
}
