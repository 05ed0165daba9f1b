namespace Streaming.Core.Items;

/// <summary>Action pairs that co-visitation is counted for, first → second. Values are persisted in saved indexes.</summary>
public enum CovisitPair : byte
{
    /// <summary>Viewed, then viewed in the same session.</summary>
    ViewView = 0,
    /// <summary>Viewed, then another item put into the cart.</summary>
    ViewCart = 1,
    /// <summary>In the cart, then another item bought.</summary>
    CartBuy = 2,
    /// <summary>Bought together.</summary>
    BuyBuy = 3,
}
