using System.Runtime.InteropServices;

namespace Streaming.Training.Sentiment;

/// <summary>n-grams of many reviews, read once for all models that look at them.</summary>
internal sealed class NGramTable
{
    /// <summary>Most n-grams kept (8 bytes each): some 150,000 English reviews of 60 words.</summary>
    public const int MaxNGrams = 1 << 27;

    private readonly List<int> _starts = [0], _buckets = [], _counts = [];

    private NGramTable()
    {
    }

    /// <summary>Reviews read; those behind are left out.</summary>
    public int Count => _starts.Count - 1;

    /// <summary>Reads reviews until the room is full.</summary>
    /// <param name="reviews">Reviews.</param>
    /// <param name="format">Their form.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="room">Most n-grams kept.</param>
    public static NGramTable Of(IReadOnlyList<Review> reviews, ReviewFormat format, Action<double>? progress, CancellationToken cancellation, int room = MaxNGrams)
    {
        var reader = new NGrams(format);
        var table = new NGramTable();
        for (var r = 0; r < reviews.Count && table._buckets.Count < room; r++)
        {
            if (r % 256 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Invoke((double)r / reviews.Count);
            }

            reader.Read(reviews[r].Title, reviews[r].Text, table._buckets, table._counts);
            table._starts.Add(table._buckets.Count);
        }

        return table;
    }

    /// <summary>Buckets of a review, rising.</summary>
    public ReadOnlySpan<int> Buckets(int review) => CollectionsMarshal.AsSpan(_buckets)[_starts[review].._starts[review + 1]];

    /// <summary>How often each of <see cref="Buckets"/> is there.</summary>
    public ReadOnlySpan<int> Counts(int review) => CollectionsMarshal.AsSpan(_counts)[_starts[review].._starts[review + 1]];
}
