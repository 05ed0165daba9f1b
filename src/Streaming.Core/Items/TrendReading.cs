namespace Streaming.Core.Items;

/// <summary>The factors of one moment that trends are read with; see <see cref="Popularity.TrendAt"/>.</summary>
/// <param name="NowShort">Reads a short sum.</param>
/// <param name="Expected">What a long sum lets expect of the short one, at the shop's present level.</param>
/// <param name="MinUsers">Least users.</param>
internal readonly record struct TrendReading(double NowShort, double Expected, float MinUsers)
{
    /// <summary>z of an item; 0 below the least number of users.</summary>
    public float Of(ItemEntry entry)
    {
        var observed = entry.UsersShort * NowShort;
        if (!(Expected > 0) || !(observed >= MinUsers)) return 0;
        var expected = entry.Users * Expected;
        var z = (observed - expected) / Math.Sqrt((expected / 2) + 1);
        return double.IsFinite(z) ? (float)z : 0;
    }
}
