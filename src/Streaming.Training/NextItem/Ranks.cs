namespace Streaming.Training.NextItem;

/// <summary>Where the target stands in the order of all train items.</summary>
internal static class Ranks
{
    /// <summary>A target that no method can find: outside train, or of a score that is no number.</summary>
    public const int Miss = int.MaxValue;

    /// <summary>1 + items scored higher + items of equal score with the larger id. Items whose score is no number stand nowhere.</summary>
    /// <param name="scores">One a train item.</param>
    /// <param name="target">Item; from the train item count on: outside train.</param>
    /// <param name="places">Places of the items in the order of their ids.</param>
    public static int Of(ReadOnlySpan<float> scores, int target, ReadOnlySpan<int> places)
    {
        if ((uint)target >= (uint)scores.Length || !float.IsFinite(scores[target])) return Miss;
        var (own, place) = (scores[target], places[target]);
        var rank = 1;
        for (var item = 0; item < scores.Length; item++)
        {
            var score = scores[item];
            if (score < own || !float.IsFinite(score)) continue; // most end here
            if (score > own || places[item] > place) rank++;
        }

        return rank;
    }
}
