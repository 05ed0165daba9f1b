namespace Streaming.Core.Items;

/// <summary>
/// Decayed, directed co-visitation by action pair. A pair counts once per user and day, within the user's budget of the day, and a giant session
/// never reaches it; so no single user moves a list by much.
/// </summary>
internal sealed class Covisitation(ItemIndexOptions options, ItemDictionary items, DailyCaps caps)
{
    private readonly List<ItemEntry> _viewed = [];
    private readonly List<ItemEntry> _carted = [];
    private readonly List<ItemEntry> _bought = [];

    /// <summary>Decay of weights and of the marginal counts that normalise them.</summary>
    public ForwardDecay Decay = new(options.CovisitHalfLife);

    /// <summary>Learns a session. The decay has been moved to reach every time in it.</summary>
    public void Learn(IndexSession session)
    {
        _viewed.Clear();
        _carted.Clear();
        _bought.Clear();
        foreach (var action in session.Actions)
        {
            if (action.IsView) View(session, action);
            else if (action.IsCart) Cart(session, action);
            else if (action.IsBuy) Buy(session, action);
        }
    }

    /// <summary>Multiplies every sum of an item: the landmark moved.</summary>
    public static void Scale(ItemEntry entry, float factor)
    {
        entry.Viewed *= factor;
        entry.Carted *= factor;
        entry.Bought *= factor;
        foreach (var list in entry.Partners) list?.Scale(factor);
    }

    private void View(IndexSession session, IndexAction action)
    {
        if (_viewed.Contains(action.Entry)) return;
        var weight = Decay.Weight(action.AtMs);
        if (caps.First(session.UserHash, action.AtMs, Thing(action.Entry.IdHash, 0, MarginalView))) action.Entry.Viewed += weight;
        for (var i = _viewed.Count - 1; i >= Math.Max(0, _viewed.Count - options.CovisitWindow); i--)
        {
            Pair(session, _viewed[i], action.Entry, CovisitPair.ViewView, weight, action.AtMs);
            if (options.BackwardWeight > 0) Pair(session, action.Entry, _viewed[i], CovisitPair.ViewView, weight * options.BackwardWeight, action.AtMs);
        }

        _viewed.Add(action.Entry);
    }

    private void Cart(IndexSession session, IndexAction action)
    {
        if (_carted.Contains(action.Entry)) return;
        var weight = Decay.Weight(action.AtMs);
        if (caps.First(session.UserHash, action.AtMs, Thing(action.Entry.IdHash, 0, MarginalCart))) action.Entry.Carted += weight;
        for (var i = _viewed.Count - 1; i >= Math.Max(0, _viewed.Count - (4 * options.CovisitWindow)); i--)
            Pair(session, _viewed[i], action.Entry, CovisitPair.ViewCart, weight, action.AtMs);
        _carted.Add(action.Entry);
    }

    private void Buy(IndexSession session, IndexAction action)
    {
        if (_bought.Contains(action.Entry)) return;
        var weight = Decay.Weight(action.AtMs);
        if (caps.First(session.UserHash, action.AtMs, Thing(action.Entry.IdHash, 0, MarginalBuy))) action.Entry.Bought += weight;
        foreach (var carted in _carted) Pair(session, carted, action.Entry, CovisitPair.CartBuy, weight, action.AtMs);
        foreach (var other in _bought)
        {
            Pair(session, other, action.Entry, CovisitPair.BuyBuy, weight, action.AtMs);
            Pair(session, action.Entry, other, CovisitPair.BuyBuy, weight, action.AtMs);
        }

        _bought.Add(action.Entry);
    }

    private void Pair(IndexSession session, ItemEntry first, ItemEntry second, CovisitPair pair, float weight, long atMs)
    {
        if (ReferenceEquals(first, second)) return;
        if (!caps.First(session.UserHash, atMs, Thing(first.IdHash, second.IdHash, (ulong)pair))) return;
        if (!caps.Spend(session.UserHash, atMs)) return;
        var list = first.Partners[(int)pair] ??= new PartnerList();
        list.Add(second.Item, weight, session.UserHash, options.PartnersPerItem, items);
    }

    private const ulong MarginalView = 16, MarginalCart = 17, MarginalBuy = 18;

    private static ulong Thing(ulong first, ulong second, ulong kind) => DailyCaps.Mix(DailyCaps.Mix(first, kind + 1), second);
}
