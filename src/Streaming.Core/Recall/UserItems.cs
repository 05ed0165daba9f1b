using Streaming.Contracts;
using Streaming.Core.Fold;
using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>A profile seen item by item: what the user did with each. Scratch, read anew for every user.</summary>
internal sealed class UserItems
{
    private readonly ItemScores _places = new();
    private UserItem[] _of = new UserItem[128];
    private int[] _latest = new int[64];
    private int[] _clicksBefore = new int[64];
    private int _latestCount, _clicks, _clickedItem;
    private bool _isClickOver;

    /// <summary>Distinct items of the ring that the user showed interest in, newest first.</summary>
    public ReadOnlySpan<int> Latest => _latest.AsSpan(0, _latestCount);

    /// <summary>How many clicks before the last one each of <see cref="Latest"/> was clicked last. A click is a view, or what else shows interest in another item than the action before it.</summary>
    public ReadOnlySpan<int> LatestClicks => _clicksBefore.AsSpan(0, _latestCount);

    /// <summary>Distinct items in the ring, whatever was done.</summary>
    public int RingDistinct { get; private set; }

    /// <summary>What is known of the user and an item; default where nothing is.</summary>
    public UserItem this[int item]
    {
        get
        {
            var place = _places.Find(item);
            return place < 0 ? default : _of[place];
        }
    }

    /// <summary>Reads a profile.</summary>
    public void Read(UserState user)
    {
        _places.Clear();
        (_latestCount, _clicks, _clickedItem, _isClickOver) = (0, -1, -1, true);
        if (_latest.Length < user.RingCount) (_latest, _clicksBefore) = (new int[user.RingCount], new int[user.RingCount]);
        for (var i = user.RingCount - 1; i >= 0; i--) ReadAction(user.RingAt(i));
        RingDistinct = _places.Count;
        foreach (ref readonly var bought in user.Bought.AsSpan(0, user.BoughtCount))
        {
            ref var mine = ref Place(bought.Item);
            mine.Purchases = bought.Count;
            mine.PurchaseMs = bought.LastMs;
            mine.RepeatWeight = bought.Weight;
        }

        foreach (ref readonly var slot in user.Impressions.AsSpan(0, user.ImpressionCount))
        {
            ref var mine = ref Place(slot.Item);
            mine.Impressions = slot.Count;
            mine.ImpressionMs = slot.LastMs;
        }

        foreach (var item in user.Excluded.AsSpan(0, user.ExcludedCount)) Place(item).IsExcluded = true;
    }

    private void ReadAction(in RingEntry action)
    {
        ref var mine = ref Place(action.Item);
        if (action.Type is EventType.View or EventType.Click) mine.Views++;
        if (action.Type is EventType.AddToCart or EventType.Wishlist) mine.Carts++;
        mine.ActionMs = mine.IsInRing ? Math.Max(mine.ActionMs, action.AtMs) : action.AtMs;
        mine.IsInRing = true;
        if (!ShowsInterest(action)) return;
        CountClick(action);
        if (mine.IsLatest) return;
        mine.IsLatest = true;
        _clicksBefore[_latestCount] = _clicks;
        _latest[_latestCount++] = action.Item;
    }

    // Newest first: what is done with an item belongs to the click before it, up to and with the view that began it.
    private void CountClick(in RingEntry action)
    {
        if (_isClickOver || action.Item != _clickedItem) _clicks++;
        _clickedItem = action.Item;
        _isClickOver = action.Type is EventType.View or EventType.Click;
    }

    private static bool ShowsInterest(in RingEntry action) =>
        action.Type is EventType.View or EventType.Click or EventType.AddToCart or EventType.Wishlist or EventType.Purchase
        || (action.Type is EventType.Rating or EventType.Review && action.RatingE1 > 30);

    private ref UserItem Place(int item)
    {
        var before = _places.Count;
        var place = _places.Place(item);
        if (place == _of.Length) Array.Resize(ref _of, place * 2);
        if (place == before) _of[place] = default;
        return ref _of[place];
    }
}

/// <summary>What a user did with one item.</summary>
internal struct UserItem
{
    /// <summary>Views and clicks in the ring.</summary>
    public int Views;
    /// <summary>Adds to the cart and to the wish list in the ring.</summary>
    public int Carts;
    /// <summary>Purchases remembered.</summary>
    public int Purchases;
    /// <summary>Decayed purchases as of <see cref="PurchaseMs"/>.</summary>
    public float RepeatWeight;
    /// <summary>Last purchase, ms.</summary>
    public long PurchaseMs;
    /// <summary>Last action in the ring, ms.</summary>
    public long ActionMs;
    /// <summary>Impressions without an action since.</summary>
    public int Impressions;
    /// <summary>Latest of them, ms.</summary>
    public long ImpressionMs;
    /// <summary>True where the ring has an action on it.</summary>
    public bool IsInRing;
    /// <summary>True where one of those shows interest.</summary>
    public bool IsLatest;
    /// <summary>True where the user asked not to see it.</summary>
    public bool IsExcluded;
}
