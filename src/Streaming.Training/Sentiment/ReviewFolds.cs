namespace Streaming.Training.Sentiment;

/// <summary>Folds with as many positive reviews each as can be; equal texts are in one fold, so that none is tested on a text that was learned.</summary>
internal static class ReviewFolds
{
    /// <summary>Fold of each review, 0 to folds − 1; the order of rows has no say in it.</summary>
    public static int[] Deal(ReviewSet set, int folds, int seed)
    {
        var texts = new Dictionary<ulong, bool>();
        for (var r = 0; r < set.Keys.Length; r++) texts[set.Keys[r]] = texts.GetValueOrDefault(set.Keys[r]) || set.Reviews[r].Positive;
        var salt = TextHash.Mix((ulong)seed + 1);
        var dealt = new Dictionary<ulong, int>();
        foreach (var (key, _) in texts.OrderBy(t => t.Value).ThenBy(t => TextHash.Mix(t.Key ^ salt)).ThenBy(t => t.Key)) dealt.Add(key, dealt.Count % folds);
        return [.. set.Keys.Select(k => dealt[k])];
    }
}
