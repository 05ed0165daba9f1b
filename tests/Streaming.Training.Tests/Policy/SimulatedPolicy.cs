using System.Globalization;
using Streaming.Training.Policy;

namespace Streaming.Training.Tests.Policy;

/// <summary>A world whose click rates are known, in which policies show items: what a policy is worth there is known too.</summary>
internal sealed class SimulatedPolicy
{
    private readonly double[] _rate;
    private readonly double[] _log;
    private readonly double[] _target;

    /// <summary>Makes a world.</summary>
    /// <param name="rate">Clicks a row of an item of no effect.</param>
    /// <param name="align">How much the target prefers what is clicked; 0: not at all.</param>
    /// <param name="logSpread">Standard deviation of the log's preferences, in log-odds; 0: by chance.</param>
    public SimulatedPolicy(ulong seed, double rate, double align, double logSpread, int items = 40, int positions = 3, double ownEffect = 0.4, double logAlign = 0)
    {
        (Items, Positions) = (items, positions);
        var random = new SeededRandom(seed);
        double[] levels = [.. Enumerable.Range(0, Levels).Select(_ => random.Normal())];
        double[] effects = [.. Enumerable.Range(0, items * positions).Select(c => (0.5 * levels[c % items % Levels]) + (ownEffect * random.Normal()))];
        _rate = [.. effects.Select(e => Math.Min(0.9, rate * Math.Exp(e)))];
        _target = Shares(effects.Select(e => Math.Exp(random.Normal() + (align * e))));
        _log = Shares(effects.Select(e => Math.Exp((logSpread * random.Normal()) + (logAlign * e))));
    }

    public const int Levels = 5;

    public int Items { get; }

    public int Positions { get; }

    /// <summary>Clicks a row of the target's policy, positions equally often.</summary>
    public double Truth => _target.Zip(_rate, (t, r) => t * r).Sum() / Positions;

    public PolicyItems Catalogue() => new()
    {
        Places = Enumerable.Range(0, Items).ToDictionary(i => $"i{i}", i => i, StringComparer.Ordinal),
        Features = [[.. Enumerable.Range(0, Items).Select(i => $"level{i % Levels}")]],
    };

    public PolicyRows Log(SeededRandom random, int rows) => Draw(_log, random, rows);

    public PolicyRows Target(SeededRandom random, int rows) => Draw(_target, random, rows);

    /// <summary>The same rows with the propensities of a policy that chooses by chance.</summary>
    public PolicyRows AsIfByChance(PolicyRows rows) => rows with { Propensity = [.. rows.Propensity.Select(_ => 1.0 / Items)] };

    /// <summary>Lines of a file, with columns that nobody reads.</summary>
    public static string[] Lines(PolicyRows rows) =>
    [
        ",timestamp,item_id,position,click,propensity_score,user_feature_0",
        .. Enumerable.Range(0, rows.Count).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r},2019-11-24 00:00:17.004101+00:00,i{rows.Item[r]},{rows.Position[r]},{(rows.Clicked![r] ? 1 : 0)},{rows.Propensity[r]:R},81ce")),
    ];

    /// <summary>Lines of the items file.</summary>
    public string[] ItemLines() => [",item_id,item_feature_0", .. Enumerable.Range(0, Items).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},i{i},level{i % Levels}"))];

    private double[] Shares(IEnumerable<double> weights)
    {
        double[] shares = [.. weights];
        for (var p = 0; p < Positions; p++)
        {
            var sum = shares.AsSpan(p * Items, Items).ToArray().Sum();
            for (var i = 0; i < Items; i++) shares[(p * Items) + i] /= sum;
        }

        return shares;
    }

    private PolicyRows Draw(double[] policy, SeededRandom random, int count)
    {
        var rows = new PolicyRows(new int[count], new int[count], new double[count], new bool[count]);
        for (var r = 0; r < count; r++)
        {
            var position = random.Below(Positions);
            var (item, left) = (0, random.Uniform() - policy[position * Items]);
            while (left >= 0 && item < Items - 1) left -= policy[(position * Items) + ++item];
            var cell = (position * Items) + item;
            (rows.Item[r], rows.Position[r], rows.Propensity[r], rows.Clicked![r]) = (item, position + 1, policy[cell], random.Uniform() < _rate[cell]);
        }

        return rows;
    }
}
