namespace Streaming.Core.Recall;

/// <summary>Candidates of one user; reused. Items are unique, order is the order of addition.</summary>
public sealed class CandidateSet
{
    private Candidate[] _candidates = new Candidate[32];

    /// <summary>Number of candidates.</summary>
    public int Count { get; private set; }

    /// <summary>The candidates.</summary>
    public Span<Candidate> Candidates => _candidates.AsSpan(0, Count);

    /// <summary>Why the list is poorer than it should be (store slow, unknown user, no model …), or null.</summary>
    public string? Degraded { get; set; }

    /// <summary>Empties the set.</summary>
    public void Clear()
    {
        Count = 0;
        Degraded = null;
    }

    /// <summary>A fresh candidate at the end; valid until the next call.</summary>
    public ref Candidate Add(int item)
    {
        if (Count == _candidates.Length) Array.Resize(ref _candidates, Count * 2);
        ref var candidate = ref _candidates[Count++];
        candidate = default;
        candidate.Item = item;
        candidate.Because = -1;
        return ref candidate;
    }

    /// <summary>Keeps the first n.</summary>
    public void Truncate(int count) => Count = Math.Min(Count, count);
}
