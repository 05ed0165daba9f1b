namespace Streaming.Training.Segments.Rules;

/// <summary>A rule or a file of rules that cannot be used; the message says where and what was expected.</summary>
public sealed class RuleException : Exception
{
    /// <summary>For a file as a whole, or a rule by its name.</summary>
    public RuleException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <summary>For a place in a rule's text.</summary>
    /// <param name="column">From 1, in characters.</param>
    /// <param name="message">What was expected and what is there.</param>
    public RuleException(int column, string message) : base($"column {column}: {message}") => Column = column;

    /// <summary>Place in the rule's text, from 1; null: none.</summary>
    public int? Column { get; }
}
