using Streaming.Contracts;

namespace Streaming.Core.Items;

/// <summary>Everything the index knows of one item. Written by the index's writer under its lock only.</summary>
internal sealed class ItemEntry(int item, ulong idHash)
{
    /// <summary>Number of <see cref="CovisitPair"/>s.</summary>
    public const int PairCount = 4;

    /// <summary>Item number.</summary>
    public readonly int Item = item;
    /// <summary>Hash of the id's bytes: the same on every node.</summary>
    public readonly ulong IdHash = idHash;

    /// <summary>Lowest time of an action on it, ms; 0: none yet.</summary>
    public long FirstMs;
    /// <summary>Highest time of an action on it, ms.</summary>
    public long LastMs;

    /// <summary>Its catalogue record; null: it has none.</summary>
    public CatalogItem? Catalog;
    /// <summary>Category number; -1: none.</summary>
    public int Category = -1;
    /// <summary>Number of its group of variants; -1: none.</summary>
    public int Group = -1;
    /// <summary>Price; 0: unknown.</summary>
    public float Price;

    /// <summary>Popularity, long half-life, forward form.</summary>
    public float Popular;
    /// <summary>Popularity, short half-life, forward form.</summary>
    public float PopularShort;
    /// <summary>User-days, long half-life, forward form.</summary>
    public float Users;
    /// <summary>User-days, short half-life, forward form.</summary>
    public float UsersShort;
    /// <summary>z of the short against the long user-days, as of the last refresh.</summary>
    public float Trend;
    /// <summary>True between the on and the off threshold's crossing.</summary>
    public bool IsTrending;

    /// <summary>Users' days with a view, co-visitation half-life, forward form.</summary>
    public float Viewed;
    /// <summary>Likewise put into the cart.</summary>
    public float Carted;
    /// <summary>Likewise bought.</summary>
    public float Bought;

    /// <summary>Partners by <see cref="CovisitPair"/>; null where there is none.</summary>
    public readonly PartnerList?[] Partners = new PartnerList?[PairCount];

    /// <summary>Places of the latest sessions with it, oldest first; the first <see cref="PostingCount"/> in use.</summary>
    public int[] Postings = [];
    /// <summary>Postings in use.</summary>
    public int PostingCount;

    /// <summary>True where it may be recommended, as far as the catalogue goes.</summary>
    public bool IsInStock => Catalog is null || Catalog.InStock != false;
}
