using System.Runtime.InteropServices;

namespace Streaming.Training.Sentiment;

/// <summary>
/// n-grams of a review as buckets of hashes, so that memory does not grow with what people write. Latin script: words and pairs (group 0), 2 to 5 characters of a word with a blank at its ends (group 1), words and pairs of the title
/// once more under keys of their own (group 2). Chinese: characters and pairs (group 0), three characters (group 1). Not thread-safe: its room is reused.
/// </summary>
internal sealed class NGrams(ReviewFormat format)
{
    /// <summary>Bits of a bucket within its group.</summary>
    public const int GroupBits = 20;

    /// <summary>Number of buckets, whatever is read.</summary>
    public const int Buckets = Groups << GroupBits;

    /// <summary>Number of groups.</summary>
    public const int Groups = 3;

    private const int WordsGroup = 0, PartsGroup = 1, TitleGroup = 2, FewestParts = 2, MostParts = 5, MostCharacters = 3;
    private const ulong TitleKey = 0x7171e;

    private readonly ReviewText _form = new();
    private readonly List<int> _found = [];

    /// <summary>Group of a bucket.</summary>
    public static int GroupOf(int bucket) => bucket >> GroupBits;

    /// <summary>Appends a review's n-grams.</summary>
    /// <param name="title">Its title, or empty.</param>
    /// <param name="text">Its text, or empty.</param>
    /// <param name="buckets">Receives them in rising order, each once.</param>
    /// <param name="counts">Receives how often each is there.</param>
    public void Read(string title, string text, List<int> buckets, List<int> counts)
    {
        _found.Clear();
        var (heading, body) = (_form.Normalise(title), _form.Normalise(text));
        foreach (var part in (string[])[heading, body])
        {
            if (format == ReviewFormat.ReviewsZh)
            {
                Characters(part);
                continue;
            }

            Words(part, WordsGroup, TextHash.Start);
            Parts(part);
        }

        if (format == ReviewFormat.Reviews) Words(heading, TitleGroup, TextHash.Start ^ TitleKey);
        var found = CollectionsMarshal.AsSpan(_found);
        found.Sort();
        for (var from = 0; from < found.Length;)
        {
            var to = from + 1;
            while (to < found.Length && found[to] == found[from]) to++;
            buckets.Add(found[from]);
            counts.Add(to - from);
            from = to;
        }
    }

    private void Words(string text, int group, ulong start)
    {
        ulong last = 0;
        for (var i = 0; i < text.Length;)
        {
            if (!InWord(text[i]))
            {
                i++;
                continue;
            }

            var hash = start;
            for (; i < text.Length && InWord(text[i]); i++) hash = TextHash.Add(hash, text[i]);
            hash = TextHash.Mix(hash);
            Add(group, hash);
            if (last != 0) Add(group, TextHash.Mix((last * 31) + hash));
            last = hash;
        }
    }

    private void Parts(string text)
    {
        for (var from = 0; from < text.Length;)
        {
            var to = text.IndexOf(' ', from);
            if (to < 0) to = text.Length;
            for (var first = from - 1; first <= to; first++)
            {
                var hash = TextHash.Start;
                for (var n = 1; n <= MostParts && first + n - 1 <= to; n++)
                {
                    var at = first + n - 1;
                    hash = TextHash.Add(hash, at < from || at == to ? ' ' : text[at]);
                    if (n >= FewestParts) Add(PartsGroup, TextHash.Mix(hash + (ulong)n));
                }
            }

            from = to + 1;
        }
    }

    private void Characters(string text)
    {
        for (var first = 0; first < text.Length; first++)
        {
            var hash = TextHash.Start;
            for (var n = 1; n <= MostCharacters && first + n <= text.Length; n++)
            {
                hash = TextHash.Add(hash, text[first + n - 1]);
                Add(n < MostCharacters ? WordsGroup : PartsGroup, TextHash.Mix(hash + (ulong)n));
            }
        }
    }

    private static bool InWord(char c) => char.IsLetterOrDigit(c) || c == '\'';

    private void Add(int group, ulong hash) => _found.Add((group << GroupBits) | (int)(hash >> (64 - GroupBits)));
}
