namespace Streaming.Training.Segments.Rules;

/// <summary>What a field counts. Two different units, neither of them <see cref="Plain"/>, are neither compared nor added: days against money is a slip of the pen, not a rule.</summary>
public enum RuleUnit
{
    /// <summary>A plain number: a literal, a product or a ratio. Goes with every unit.</summary>
    Plain,
    /// <summary>How many.</summary>
    Count,
    /// <summary>Days.</summary>
    Days,
    /// <summary>The shop's currency.</summary>
    Money,
    /// <summary>0 to 1.</summary>
    Share,
    /// <summary>1 to 5, 5 best.</summary>
    Quintile,
    /// <summary>Not a number: compared by =, != and in.</summary>
    Text,
}
