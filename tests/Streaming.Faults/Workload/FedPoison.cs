using Streaming.Contracts;

namespace Streaming.Faults.Workload;

/// <summary>Records that were fed and are no events: how often each, and what is wrong with it.</summary>
internal sealed class FedPoison
{
    private const int MostFindings = 5;
    private readonly Dictionary<(string Value, string Reason), int> _fed = [];

    /// <summary>One was fed.</summary>
    public void Add(ReadOnlySpan<byte> value, DeadLetterReason reason)
    {
        var record = (Convert.ToBase64String(value), reason.WireName());
        lock (_fed) _fed[record] = _fed.GetValueOrDefault(record) + 1;
    }

    /// <summary>Compares the dead letters of an engine with it: each record that was fed and is no event must be there once, under its reason, and nothing else.</summary>
    /// <param name="letters">All of them.</param>
    /// <returns>What is not so, at most a few of each kind; none where all is as it should be. And the dead letters by reason.</returns>
    public (IReadOnlyList<string> Findings, IReadOnlyDictionary<string, int> ByReason) Compare(IEnumerable<DeadLetter> letters)
    {
        Dictionary<(string Value, string Reason), int> left;
        lock (_fed) left = new(_fed);
        List<string> findings = [];
        SortedDictionary<string, int> byReason = new(StringComparer.Ordinal);
        foreach (var letter in letters)
        {
            byReason[letter.Reason] = byReason.GetValueOrDefault(letter.Reason) + 1;
            var record = (letter.Value ?? "", letter.Reason);
            if (left.TryGetValue(record, out var times) && times > 0) left[record] = times - 1;
            else findings.Add($"dead letter {letter.DeadLetterId} ({letter.Reason}) is of no record that was fed as one");
        }

        findings.AddRange(left.Where(l => l.Value > 0).GroupBy(l => l.Key.Reason).Select(l => $"{l.Sum(r => r.Value)} records with {l.Key} were fed and are no dead letters"));
        return (findings.Count <= MostFindings ? findings : [.. findings.Take(MostFindings), $"and {findings.Count - MostFindings} more"], byReason);
    }
}
