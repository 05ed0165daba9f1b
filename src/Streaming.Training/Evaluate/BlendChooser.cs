using Streaming.Core.Items;
using Streaming.Core.Recall;

namespace Streaming.Training.Evaluate;

/// <summary>
/// Chooses blend weights by coordinate search on baskets that are never scored. Candidates with their source scores are kept, so that trying weights costs no new recall.
/// The aim is the sum of both recalls, all items and new items.
/// </summary>
internal sealed class BlendChooser(ItemDictionary items)
{
    private static readonly float[] Steps = [0f, 0.5f, 0.8f, 1.25f, 2f];
    private readonly List<Example> _examples = [];
    private readonly TopItems _top = new(items);
    private readonly List<int> _ranked = [];

    /// <summary>Baskets kept.</summary>
    public int Count => _examples.Count;

    /// <summary>Keeps the candidates of a basket.</summary>
    public void Add(CandidateSet candidates, HashSet<int> targets)
    {
        if (targets.Count > 0) _examples.Add(new Example(candidates.Candidates.ToArray(), targets));
    }

    /// <summary>The weights found, starting from the given ones; those unchanged where there is nothing to choose on.</summary>
    public float[] Choose(IReadOnlyList<float> from)
    {
        float[] best = [.. from];
        var bestRecall = Recall(best);
        for (var round = 0; round < 4 && _examples.Count > 0; round++)
        {
            var before = bestRecall;
            for (var s = 0; s < best.Length; s++)
            {
                foreach (var step in Steps)
                {
                    float[] tried = [.. best];
                    tried[s] = tried[s] == 0 ? step * 0.1f : tried[s] * step;
                    var recall = Recall(tried);
                    if (recall > bestRecall) (best, bestRecall) = (tried, recall);
                }
            }

            if (bestRecall == before) break;
        }

        return best;
    }

    private double Recall(float[] weights)
    {
        var sum = 0.0;
        foreach (var (candidates, targets) in _examples)
        {
            _top.Reset(RankedBasket.Length);
            foreach (ref readonly var candidate in candidates.AsSpan())
            {
                var score = 0f;
                for (var s = 0; s < weights.Length; s++) score += weights[s] * candidate.Scores[s];
                _top.Offer(candidate.Item, score);
            }

            _ranked.Clear();
            foreach (var (item, _, _) in _top.Sorted()) _ranked.Add(item);
            sum += RankedBasket.Recall(_ranked, targets);
        }

        return sum;
    }

    private sealed record Example(Candidate[] Candidates, HashSet<int> Targets);
}
