using Streaming.Contracts;

namespace Streaming.Core.Items;

/// <summary>A closed session with its items resolved; the writer's scratch, reused.</summary>
internal sealed class IndexSession
{
    /// <summary>Hash of the session's id.</summary>
    public ulong IdHash;
    /// <summary>Hash of the profile key.</summary>
    public ulong UserHash;
    /// <summary>Highest time of an event in it, ms.</summary>
    public long EndMs;
    /// <summary>Actions in order.</summary>
    public readonly List<IndexAction> Actions = [];
    /// <summary>Items in the order of the clicks, those clicked again included: each view, and what else was done with another item than the action before it. Who puts into the cart what
    /// is being looked at has not clicked twice.</summary>
    public readonly List<ItemEntry> Clicks = [];
    /// <summary>Distinct items acted on, in the order of first action.</summary>
    public readonly List<ItemEntry> Distinct = [];
}

/// <summary>One action of an <see cref="IndexSession"/>.</summary>
/// <param name="Entry">Item.</param>
/// <param name="Type">What was done.</param>
/// <param name="AtMs">Event time, ms.</param>
internal readonly record struct IndexAction(ItemEntry Entry, EventType Type, long AtMs)
{
    /// <summary>View or click.</summary>
    public bool IsView => Type is EventType.View or EventType.Click;
    /// <summary>Put into the cart or saved for later.</summary>
    public bool IsCart => Type is EventType.AddToCart or EventType.Wishlist;
    /// <summary>Bought.</summary>
    public bool IsBuy => Type == EventType.Purchase;
}
