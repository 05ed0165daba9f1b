using Streaming.Contracts;
using Streaming.Core.Fold;

namespace Streaming.Host.Audit.Reference;

/// <summary>A profile as docs/fold.md §2 and §3 describe it, in the plainest collections. Items and users are texts.</summary>
internal sealed class RefProfile(string key)
{
    public string Key { get; } = key;
    public long EventCount;
    public long FirstEventMs;
    public long LastEventMs;
    public long[] Counts = new long[EventTypes.Count];
    public float[][]? Vectors;
    public long[] LandmarkMs = new long[FoldOptions.HalfLifeCount];
    public double[] Mass = new double[FoldOptions.HalfLifeCount];
    public int TableVersion;
    public RefSettings Settings = RefSettings.Start;
    public List<RefInterest> Interests = [];
    public List<RefAction> Ring = [];
    public RefSession? Session;
    public RefPurchases Purchases = new();
    public List<RefBought> Bought = [];
    public List<RefImpression> Impressions = [];
    public List<string> Excluded = [];
    public List<string> RecentIds = [];
    public ConsentFlags Consent;
    public bool ConsentGiven;
    public long[] Messages = new long[7];
    public string? LinkedTo;
    public int LinkGeneration;
    public long LinkedAtMs;
    public List<RefGuest> Guests = [];
    public List<RefGuest> BrokenGuests = [];
    public long EpisodePosition = -1;
    public long AlertedEpisode = -1;
    public long AlertedAtMs;
    public long ErasedAt = -1;
    public long ErasedAtMs;
    public bool IsErased;

    /// <summary>True where the purpose is consented to.</summary>
    public bool Allows(ConsentFlags purpose) => Consent.HasFlag(purpose);

    /// <summary>Forgets vectors and what they were made of is left alone.</summary>
    public void ClearVectors()
    {
        Vectors = null;
        Mass = new double[FoldOptions.HalfLifeCount];
        LandmarkMs = new long[FoldOptions.HalfLifeCount];
        Interests = [];
    }
}

/// <summary>One of the separate interests.</summary>
internal sealed class RefInterest
{
    public required float[] Centroid;
    public double Weight;
    public long LastMs;
}

/// <summary>An item action.</summary>
internal sealed record RefAction(string Item, EventType Type, int StarsTimesTen, long AtMs);

/// <summary>An open session.</summary>
internal sealed class RefSession
{
    public string? Id;
    public long OpenedAt;
    public long StartMs;
    public long LastMs;
    public int EventCount;
    public List<RefAction> Actions = [];
}

/// <summary>Purchase statistics.</summary>
internal sealed class RefPurchases
{
    public long Lines;
    public long Units;
    public int Occasions;
    public long AmountE4;
    public long RefundedE4;
    public int OtherCurrency;
    public string? Currency;
    public long FirstMs;
    public long LastMs;
    public int GapCount;
    public double GapMeanMs;
    public double GapM2;
}

/// <summary>A bought item.</summary>
internal sealed class RefBought
{
    public required string Item;
    public int Count;
    public long LastMs;
    public float Weight;
}

/// <summary>Impressions of an item.</summary>
internal sealed class RefImpression
{
    public required string Item;
    public int Count;
    public long LastMs;
}

/// <summary>A linked guest.</summary>
internal sealed record RefGuest(string Key, int Generation);
