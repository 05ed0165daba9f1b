namespace Streaming.Training.Uplift;

/// <summary>One column of a trial's file: every row's text, each distinct text once.</summary>
/// <param name="name">Name in the header.</param>
internal sealed class TrialColumn(string name)
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>Name in the header.</summary>
    public string Name { get; } = name;

    /// <summary>Distinct texts, in the order of their first row.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>Place in <see cref="Texts"/>, one a row.</summary>
    public List<int> Codes { get; } = [];

    /// <summary>Text of a row.</summary>
    public string this[int row] => Texts[Codes[row]];

    /// <summary>Adds a row's text without blanks around it.</summary>
    public void Add(string text)
    {
        text = text.Trim();
        if (!_numbers.TryGetValue(text, out var number))
        {
            _numbers.Add(text, number = Texts.Count);
            Texts.Add(text);
        }

        Codes.Add(number);
    }
}
