namespace Streaming.Training.Segments.Rules;

/// <summary>Kinds of tokens.</summary>
internal enum RuleTokenKind
{
    /// <summary>The end of the rule.</summary>
    End,
    /// <summary>A number.</summary>
    Number,
    /// <summary>A quoted text.</summary>
    Text,
    /// <summary>A field.</summary>
    Name,
    /// <summary>and, or, not, in, between.</summary>
    Word,
    /// <summary>An operator, a parenthesis or a comma, in its ASCII form.</summary>
    Symbol,
}

/// <summary>A token.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Text">Canonical text; of a quoted text its content.</param>
/// <param name="Number">Value of a number.</param>
/// <param name="Column">Where it begins, from 1, in characters.</param>
internal readonly record struct RuleToken(RuleTokenKind Kind, string Text, double Number, int Column)
{
    /// <summary>For a message.</summary>
    public string Shown => Kind == RuleTokenKind.End ? "the end of the rule" : RuleLexer.Shown(Text);
}
