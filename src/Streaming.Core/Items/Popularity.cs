namespace Streaming.Core.Items;

/// <summary>
/// Decayed popularity of items under two half-lives, and the user-days that trends are read from. Each user counts once per item, kind of action and day.
/// </summary>
internal sealed class Popularity(ItemIndexOptions options, DailyCaps caps)
{
    private const ulong KindAny = 32, KindView = 33, KindCart = 34, KindBuy = 35;

    /// <summary>Long half-life.</summary>
    public ForwardDecay Long = new(options.PopularHalfLife);
    /// <summary>Short half-life.</summary>
    public ForwardDecay Short = new(options.PopularShortHalfLife);
    /// <summary>User-days of all items together, long half-life, forward form.</summary>
    public double TotalUsers;
    /// <summary>Likewise, short half-life.</summary>
    public double TotalUsersShort;

    /// <summary>Learns a session. The decays have been moved to reach every time in it.</summary>
    public void Learn(IndexSession session)
    {
        foreach (var action in session.Actions)
        {
            var (kind, weight) = action.IsView ? (KindView, options.ViewWeight)
                : action.IsCart ? (KindCart, options.CartWeight)
                : action.IsBuy ? (KindBuy, options.BuyWeight)
                : (0UL, 0f);
            if (kind == 0) continue;
            var entry = action.Entry;
            var wLong = Long.Weight(action.AtMs);
            var wShort = Short.Weight(action.AtMs);
            if (caps.First(session.UserHash, action.AtMs, DailyCaps.Mix(entry.IdHash, kind)))
            {
                entry.Popular += weight * wLong;
                entry.PopularShort += weight * wShort;
            }

            if (!caps.First(session.UserHash, action.AtMs, DailyCaps.Mix(entry.IdHash, KindAny))) continue;
            entry.Users += wLong;
            entry.UsersShort += wShort;
            TotalUsers += wLong;
            TotalUsersShort += wShort;
        }
    }

    /// <summary>
    /// Reads trends as of a time: z of an item's user-days of late against what its longer past and the shop's present level let expect. With decayed Poisson counts of rate λ the short sum
    /// has mean λh/ln 2 and variance half of that; dividing by the shop's own ratio takes out the hour and the season.
    /// </summary>
    public TrendReading TrendAt(long nowMs)
    {
        var nowLong = Long.At(nowMs);
        var nowShort = Short.At(nowMs);
        var shop = TotalUsers > 0 && nowLong > 0 ? TotalUsersShort * nowShort / (TotalUsers * nowLong) : 0;
        return new TrendReading(nowShort, nowLong * shop, options.TrendMinUsers);
    }

    /// <summary>Multiplies an item's sums: a landmark moved.</summary>
    public static void Scale(ItemEntry entry, float factorLong, float factorShort)
    {
        entry.Popular *= factorLong;
        entry.Users *= factorLong;
        entry.PopularShort *= factorShort;
        entry.UsersShort *= factorShort;
    }

    /// <summary>Multiplies the shop's sums likewise.</summary>
    public void ScaleTotals(float factorLong, float factorShort)
    {
        TotalUsers *= factorLong;
        TotalUsersShort *= factorShort;
    }
}
