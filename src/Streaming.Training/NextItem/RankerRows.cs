using Streaming.Training.Trees;

namespace Streaming.Training.NextItem;

/// <summary>Candidates of labelled positions with their features, a group a position. Positions whose target is no candidate teach nothing and are left out, but counted.</summary>
internal sealed class RankerRows
{
    private const int HardRank = 30;
    private const double EasyShare = 0.2;
    private readonly List<float[]> _groups = [];
    private readonly List<int> _starts = [0];
    private readonly List<int> _positives = [];
    private readonly List<float> _weights = [];

    /// <summary>Features by group, row by row.</summary>
    public IReadOnlyList<float[]> Groups => _groups;

    /// <summary>Where each group begins, and the end of the last.</summary>
    public IReadOnlyList<int> Starts => _starts;

    /// <summary>The right row of each group.</summary>
    public IReadOnlyList<int> Positives => _positives;

    /// <summary>How many candidates each row stands for.</summary>
    public IReadOnlyList<float> Weights => _weights;

    /// <summary>Positions whose target was no candidate.</summary>
    public int Missed { get; private set; }

    /// <summary>Adds a position.</summary>
    /// <param name="candidates">Gathered for its prefix.</param>
    /// <param name="target">What came next.</param>
    /// <param name="random">Where given, only some of the candidates that no source ranks high are kept, each for several: they are easy to tell apart, and many.</param>
    public void Add(HybridCandidates candidates, int target, SeededRandom? random)
    {
        var right = candidates.Find(target);
        if (right < 0)
        {
            Missed++;
            return;
        }

        var kept = new List<int>();
        for (var c = 0; c < candidates.Count; c++)
        {
            var row = candidates.Row(c);
            var isHard = row[(int)HybridFeature.NeighbourRank] <= HardRank || row[(int)HybridFeature.EncoderRank] <= HardRank || row[(int)HybridFeature.TimesInPrefix] > 0;
            if (c == right) _positives.Add(_starts[^1] + kept.Count);
            var isSure = c == right || isHard || random is null;
            if (!isSure && random!.Uniform() >= EasyShare) continue;
            kept.Add(c);
            _weights.Add(isSure ? 1 : (float)(1 / EasyShare));
        }

        var group = new float[kept.Count * HybridCandidates.Features];
        for (var i = 0; i < kept.Count; i++) candidates.Row(kept[i]).CopyTo(group.AsSpan(i * HybridCandidates.Features));
        _groups.Add(group);
        _starts.Add(_starts[^1] + kept.Count);
    }

    /// <summary>The rows in bins.</summary>
    public BinnedRows Binned(int bins) => BinnedRows.Cut(_groups, HybridCandidates.Features, bins);

    /// <summary>What trees over the rows are to make smaller.</summary>
    public GroupSoftmaxLoss Loss() => new([.. _starts], [.. _positives], [.. _weights]);
}
