using System.Diagnostics;

namespace Streaming.Training.Sentiment;

/// <summary>How long a text takes, over blocks of texts.</summary>
internal sealed class ScoringTime
{
    private const int BlockTexts = 32, Draws = 500;
    private readonly List<(double Ms, int Texts)> _blocks = [];

    /// <summary>Scores reviews, and takes the time of each block; the first is scored once more before, so that no code is compiled on the clock.</summary>
    public double[] Score(SentimentScorer scorer, IReadOnlyList<Review> reviews)
    {
        var scores = new double[reviews.Count];
        for (var warm = 0; warm < Math.Min(BlockTexts, reviews.Count); warm++) scorer.Probability(reviews[warm].Text, reviews[warm].Title);
        for (var from = 0; from < reviews.Count; from += BlockTexts)
        {
            var to = Math.Min(reviews.Count, from + BlockTexts);
            var clock = Stopwatch.GetTimestamp();
            for (var r = from; r < to; r++) scores[r] = scorer.Probability(reviews[r].Text, reviews[r].Title);
            _blocks.Add((Stopwatch.GetElapsedTime(clock).TotalMilliseconds, to - from));
        }

        return scores;
    }

    /// <summary>Milliseconds a text, and the ends of its 95 % interval.</summary>
    public (double Mean, double Low, double High) MsPerText(int seed)
    {
        var random = new SeededRandom((ulong)seed ^ 0x715e);
        var means = new double[Draws];
        for (var d = 0; d < Draws; d++)
        {
            var (ms, texts) = (0.0, 0);
            for (var i = 0; i < _blocks.Count; i++)
            {
                var block = _blocks[random.Below(_blocks.Count)];
                ms += block.Ms;
                texts += block.Texts;
            }

            means[d] = ms / texts;
        }

        Array.Sort(means);
        return (_blocks.Sum(b => b.Ms) / _blocks.Sum(b => b.Texts), means[(int)(Draws * 0.025)], means[(int)(Draws * 0.975)]);
    }
}
