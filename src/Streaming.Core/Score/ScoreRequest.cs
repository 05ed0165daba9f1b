namespace Streaming.Core.Score;

/// <summary>Rows of features and room for their scores; buffers are owned and reused by the caller, who must not touch them until the call ends.</summary>
public sealed class ScoreRequest
{
    private float[] _features = [];
    private float[] _scores = [];

    /// <summary>Row-major features, shape [Rows, <see cref="RankerFeatures.Count"/>].</summary>
    public Memory<float> Features => _features.AsMemory(0, Rows * RankerFeatures.Count);

    /// <summary>Scores, shape [Rows].</summary>
    public Memory<float> Scores => _scores.AsMemory(0, Rows);

    /// <summary>Number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>How long the caller will wait.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Model that made the scores: set by the scorer with them, because another may be in force by the time they are read. Null where none did.</summary>
    public string? ModelVersion { get; set; }

    /// <summary>Makes room for a number of rows, keeping buffers that are large enough.</summary>
    public void Resize(int rows)
    {
        Rows = rows;
        ModelVersion = null;
        if (_features.Length < rows * RankerFeatures.Count) _features = new float[rows * RankerFeatures.Count];
        if (_scores.Length < rows) _scores = new float[rows];
    }
}
