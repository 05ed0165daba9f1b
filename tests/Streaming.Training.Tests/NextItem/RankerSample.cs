namespace Streaming.Training.Tests.NextItem;

/// <summary>Seeded rows in the form of the ranker's: groups of unlike size, one right row each, rows that stand for five, features that vary finely, coarsely, together, or not at all.</summary>
internal sealed class RankerSample
{
    public List<float[]> Groups { get; } = [];
    public List<int> Starts { get; } = [0];
    public List<int> Positives { get; } = [];
    public List<float> Weights { get; } = [];
    public int Features { get; }

    public RankerSample(int groups, int most, int features, ulong seed)
    {
        Features = features;
        var random = new SeededRandom(seed);
        for (var g = 0; g < groups; g++)
        {
            var size = 2 + random.Below(most - 1);
            var group = new float[size * features];
            var (right, best) = (0, double.NegativeInfinity);
            for (var row = 0; row < size; row++)
            {
                var of = group.AsSpan(row * features, features);
                for (var f = 0; f < features; f++) of[f] = Feature(f, of, random);
                var worth = of[0] + (0.3 * of[1]) + (of[0] > 0.5f && of[2] > 0 ? 1 : 0) + (0.4 * random.Uniform());
                if (worth > best) (best, right) = (worth, row);
            }

            for (var row = 0; row < size; row++) Weights.Add(row != right && random.Below(3) == 0 ? 5 : 1);
            Positives.Add(Starts[^1] + right);
            Starts.Add(Starts[^1] + size);
            Groups.Add(group);
        }
    }

    private static float Feature(int f, ReadOnlySpan<float> before, SeededRandom random) => (f % 6) switch
    {
        0 => (float)random.Uniform(),
        1 => random.Below(4),
        2 => (float)(random.Uniform() - 0.5),
        3 => before[0] * 2, // says what the first says
        4 => 1, // never varies
        _ => random.Below(10) < 8 ? -1 : (float)Math.Sqrt(random.Uniform()),
    };
}
