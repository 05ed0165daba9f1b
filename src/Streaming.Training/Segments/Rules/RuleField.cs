namespace Streaming.Training.Segments.Rules;

/// <summary>A field that rules may name.</summary>
/// <param name="Name">As written in a rule: a letter, then letters and digits.</param>
/// <param name="Unit">Its unit, and so its type.</param>
/// <param name="About">What it is and when it is unknown.</param>
public sealed record RuleField(string Name, RuleUnit Unit, string About);
