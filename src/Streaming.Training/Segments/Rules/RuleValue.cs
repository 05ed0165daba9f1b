namespace Streaming.Training.Segments.Rules;

/// <summary>Value of a field for one customer: a finite number, a text or unknown, which is the default. What is not finite is unknown.</summary>
public readonly record struct RuleValue
{
    private readonly double _number;
    private readonly bool _isNumber;

    private RuleValue(double number, bool isNumber, string? text) => (_number, _isNumber, Text) = (number, isNumber, text);

    /// <summary>Not known.</summary>
    public static RuleValue Unknown => default;

    /// <summary>The number; null: unknown or a text.</summary>
    public double? Number => _isNumber ? _number : null;

    /// <summary>The text; null: unknown or a number.</summary>
    public string? Text { get; }

    /// <summary>A number; unknown where it is null, NaN or infinite.</summary>
    public static RuleValue Of(double? number) => number is { } n && double.IsFinite(n) ? new RuleValue(n, true, null) : default;

    /// <summary>A text; unknown where it is null.</summary>
    public static RuleValue Of(string? text) => new(0, false, text);
}
