namespace Streaming.Core.Recall;

/// <summary>One candidate item of one user, with what each source said of it.</summary>
public struct Candidate
{
    /// <summary>Number of sources.</summary>
    public const int SourceCount = 7;

    /// <summary>Item number.</summary>
    public int Item;
    /// <summary>Bit set of <see cref="CandidateSource"/>s that brought it.</summary>
    public byte Sources;
    /// <summary>The source with the highest scaled score: the reason that is given.</summary>
    public CandidateSource Main;
    /// <summary>The item of the user's own history that the main source started from, or -1: "because you viewed …".</summary>
    public int Because;
    /// <summary>Score of each source scaled to [0,1] within the user's list; 0 where it did not bring the item.</summary>
    public SourceScores Scores;
    /// <summary>Final score; set by Score or by the fall-back blend.</summary>
    public float Score;
}

/// <summary>One float a source, by <see cref="CandidateSource"/>.</summary>
[System.Runtime.CompilerServices.InlineArray(Candidate.SourceCount)]
public struct SourceScores
{
    private float _first;
}
