namespace Streaming.Training.NextItem;

/// <summary>Scores all items by a trained encoder: cosine × scale.</summary>
internal sealed class EncoderScorer
{
    private readonly EncoderPass _pass;
    private readonly float[] _units;
    private readonly float[] _session;
    private readonly float _scale;
    private readonly bool[] _isKnown;

    /// <summary>Freezes weights.</summary>
    /// <param name="weights">Trained.</param>
    /// <param name="counts">Items that were never clicked have vectors that were never trained; they score nothing.</param>
    /// <param name="settings">Settings of the training.</param>
    public EncoderScorer(EncoderWeights weights, ItemCounts counts, EncoderSettings settings)
    {
        (_pass, _scale, _session) = (new EncoderPass(weights), settings.Scale, new float[weights.Dimensions]);
        _units = new float[weights.Items.Length];
        _isKnown = new bool[counts.Clicks.Length];
        for (var item = 0; item < counts.Clicks.Length; item++)
        {
            _isKnown[item] = counts.Clicks[item] > 0;
            weights.WriteUnit(item, _units.AsSpan(item * weights.Dimensions, weights.Dimensions));
        }
    }

    /// <summary>Cosine of two items' vectors.</summary>
    public float Cosine(int left, int right) => Simd.Dot(_units.AsSpan(left * _session.Length, _session.Length), _units.AsSpan(right * _session.Length, _session.Length));

    /// <summary>Scores all items; 0 for all where no item of the prefix is known, the least of all for items never clicked.</summary>
    public void Score(ReadOnlySpan<int> prefix, Span<float> scores)
    {
        _pass.Forward(prefix, 0, null, _session);
        var d = _session.Length;
        for (var item = 0; item < scores.Length; item++) scores[item] = _isKnown[item] ? _scale * Simd.Dot(_session, _units.AsSpan(item * d, d)) : -_scale;
    }
}
