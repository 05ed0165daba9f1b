using System.Globalization;

namespace Streaming.Training.Tests.Uplift;

/// <summary>A trial with columns a (0 or 1), b (a number) and c (a word), of which outcomes depend on b, and effects on a as asked.</summary>
internal static class SimulatedTrial
{
    /// <summary>Lines of the file, its header first.</summary>
    /// <param name="rows">Customers.</param>
    /// <param name="effect">Effect where a is 0.</param>
    /// <param name="more">Effect more where a is 1.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="share">Share of the treated.</param>
    public static List<string> Lines(int rows, double effect, double more, ulong seed, double share = 0.5)
    {
        var random = new SeededRandom(seed);
        var lines = new List<string> { "customer_id,a,b,c,arm,bought,spend" };
        for (var i = 0; i < rows; i++)
        {
            var (a, b, treated) = (random.Below(2), random.Normal(), random.Uniform() < share);
            var p = Math.Clamp(0.25 + (0.1 * b), 0.05, 0.45) + (treated ? effect + (a * more) : 0);
            var bought = random.Uniform() < p ? 1 : 0;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{i},{a},{b:0.000},{"xyz"[random.Below(3)]},{(treated ? "letter" : "none")},{bought},{bought * 20.5}"));
        }

        return lines;
    }
}
