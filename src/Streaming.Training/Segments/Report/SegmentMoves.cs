namespace Streaming.Training.Segments.Report;

/// <summary>Who went where from one refit to the next, customers at a border staying.</summary>
/// <param name="FromMs">Moment of the former refit, ms since 1970.</param>
/// <param name="ToMs">Moment of the later one.</param>
/// <param name="From">Names at the former.</param>
/// <param name="To">Names at the later.</param>
/// <param name="Counts">Customers, by former and later segment.</param>
/// <param name="Joined">Customers without a purchase at the former refit, by later segment.</param>
internal sealed record SegmentMoves(long FromMs, long ToMs, string[] From, string[] To, int[][] Counts, int[] Joined)
{
    /// <summary>Counts moves.</summary>
    public static SegmentMoves Of(long fromMs, long toMs, SegmentModel former, SegmentModel model, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now)
    {
        var counts = former.Names.Select(_ => new int[model.Names.Length]).ToArray();
        var joined = new int[model.Names.Length];
        foreach (var (user, segment) in now)
        {
            var to = Array.IndexOf(model.Names, segment);
            if (before.TryGetValue(user, out var from)) counts[Array.IndexOf(former.Names, from)][to]++;
            else joined[to]++;
        }

        return new SegmentMoves(fromMs, toMs, former.Names, model.Names, counts, joined);
    }

    /// <summary>The same moves with the names of another fit at the later moment: refits for measuring begin in the midst of the history and name for themselves. What has no counterpart keeps its name, marked by *.</summary>
    public SegmentMoves Named(SegmentModel own, SegmentModel other)
    {
        var matched = SegmentMatching.Match([.. other.Centres.Select(c => own.Scale.Convert(c, other.Scale))], own.Centres);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < matched.Length; i++)
        {
            if (matched[i] >= 0) names[own.Names[matched[i]]] = other.Names[i];
        }

        string Name(string name) => names.GetValueOrDefault(name, name + " *");
        return this with { From = [.. From.Select(Name)], To = [.. To.Select(Name)] };
    }
}
