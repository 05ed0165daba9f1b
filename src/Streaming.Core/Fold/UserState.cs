using Streaming.Contracts;
using Streaming.Core.Events;

namespace Streaming.Core.Fold;

/// <summary>
/// The live profile of one user: everything Fold knows (docs/fold.md, which is normative) and, at the end, what the shard keeps beside it and
/// never hashes. Arrays are allocated on first use and grow to their bounds, and what most users never have lies in objects of its own, so that a small user stays small.
/// </summary>
public sealed class UserState(UserKey key)
{
    /// <summary>Profile key.</summary>
    public UserKey Key { get; } = key;

    /// <summary>Events applied, duplicates and dead letters excluded.</summary>
    public long EventCount;
    /// <summary>Lowest event time applied, ms; 0: none yet.</summary>
    public long FirstEventMs;
    /// <summary>Highest event time applied, ms.</summary>
    public long LastEventMs;
    /// <summary>Events applied by <see cref="EventType"/>, length <see cref="EventTypes.Count"/>.</summary>
    public Span<uint> Counts => _counts;
    private EventCounts _counts;

    // Some: it only says how many lines are asked for.
    private const int FieldBytes = 512;

    private InterestState? _interests;
    private RareState? _rare;

    /// <summary>
    /// Interest vectors, one of D floats after another for each half-life: forward-decayed sums relative to <see cref="LandmarkMs"/>. Null: all zero, or, where <see cref="IsRingWhole"/>, not made
    /// yet (<see cref="InterestFold.Derive"/>).
    /// </summary>
    public float[]? Vectors
    {
        get => _interests?.Vectors;
        set
        {
            if (value is not null || _interests is not null) Made.Vectors = value;
        }
    }


    /// <summary>Landmark of each interest vector, ms.</summary>
    public Span<long> LandmarkMs => Made.LandmarkMs;
    /// <summary>Sum of absolute weights behind each vector, decayed alike: how much evidence it has.</summary>
    public Span<double> Mass => Made.Mass;
    /// <summary>Ordinal, in the shard's chain of tables, of the item-vector table that <see cref="Vectors"/> are up to date with.</summary>
    public int TableVersion;
    /// <summary>Ordinal, in the shard's chain of settings, of the fold settings in force when the profile was last touched.</summary>
    public int SettingsVersion;

    /// <summary>Separate interests, the first <see cref="InterestCount"/> in use, oldest opened first.</summary>
    public Interest[] Interests
    {
        get => _interests?.Interests ?? [];
        set
        {
            if (value.Length > 0 || _interests is not null) Made.Interests = value;
        }
    }


    /// <summary>Interests in use, at most <see cref="FoldOptions.MaxInterests"/>.</summary>
    public int InterestCount
    {
        get => _interests?.Count ?? 0;
        set
        {
            if (value != InterestCount) Made.Count = value;
        }
    }

    /// <summary>Ring of the latest item actions (circular; see <see cref="RingAt"/>).</summary>
    public RingEntry[] Ring = [];
    /// <summary>Index of the oldest entry.</summary>
    public int RingStart;
    /// <summary>Entries in use.</summary>
    public int RingCount;

    /// <summary>
    /// True while <see cref="Vectors"/> and <see cref="Interests"/> are, bit for bit, those of the ring's entries folded from the oldest on: such a profile's row holds the ring alone
    /// (docs/fold.md §13), and so does memory until somebody wants to see them. Nearly all users are small enough.
    /// </summary>
    public bool IsRingWhole = true;

    /// <summary>The open session; <see cref="SessionState.EventCount"/> 0: none is open.</summary>
    public SessionState Session;

    /// <summary>Purchase statistics.</summary>
    public PurchaseState Purchases;

    /// <summary>Items bought, the first <see cref="BoughtCount"/> in use.</summary>
    public BoughtItem[] Bought = [];
    /// <summary>Bought items in use, at most <see cref="FoldOptions.MaxBoughtItems"/>.</summary>
    public int BoughtCount;

    /// <summary>Impressions without an action since, for fatigue; the first <see cref="ImpressionCount"/> in use.</summary>
    public ImpressionSlot[] Impressions
    {
        get => _rare?.Impressions ?? [];
        set
        {
            if (value.Length > 0 || _rare is not null) Rare.Impressions = value;
        }
    }


    /// <summary>Impression slots in use.</summary>
    public int ImpressionCount
    {
        get => _rare?.ImpressionCount ?? 0;
        set
        {
            if (value != ImpressionCount) Rare.ImpressionCount = value;
        }
    }

    /// <summary>Items the user asked not to see (item numbers), oldest first; the first <see cref="ExcludedCount"/> in use.</summary>
    public int[] Excluded
    {
        get => _rare?.Excluded ?? [];
        set
        {
            if (value.Length > 0 || _rare is not null) Rare.Excluded = value;
        }
    }


    /// <summary>Excluded items in use.</summary>
    public int ExcludedCount
    {
        get => _rare?.ExcludedCount ?? 0;
        set
        {
            if (value != ExcludedCount) Rare.ExcludedCount = value;
        }
    }

    /// <summary>Hashes of the latest event ids (circular).</summary>
    public ulong[] RecentIds = [];
    /// <summary>Next place to write in <see cref="RecentIds"/>.</summary>
    public int RecentIdsNext;
    /// <summary>Ids in use, at most <see cref="FoldOptions.DuplicateWindow"/>.</summary>
    public int RecentIdsCount;

    /// <summary>Consent in force.</summary>
    public ConsentFlags Consent;
    /// <summary>True once a consent event set it; until then it is the shard's default.</summary>
    public bool ConsentGiven;
    /// <summary>Messages by <see cref="Decode.MessageState"/> (index 1 to 6).</summary>
    public ReadOnlySpan<uint> Messages => _rare is { } rare ? rare.Messages : RareState.NoMessages;

    /// <summary>A guest's known user, once identified.</summary>
    public UserKey? LinkedTo
    {
        get => _rare?.LinkedTo;
        set
        {
            if (value is not null || _rare is not null) Rare.LinkedTo = value;
        }
    }

    /// <summary>Counts a guest's identifications; each link delta carries it.</summary>
    public int LinkGeneration
    {
        get => _rare?.LinkGeneration ?? 0;
        set
        {
            if (value != LinkGeneration) Rare.LinkGeneration = value;
        }
    }

    /// <summary>When the identify event that made the present link came to be in the log, ms; each link delta carries it. 0: not linked, or linked before this was kept.</summary>
    public long LinkedAtMs
    {
        get => _rare?.LinkedAtMs ?? 0;
        set
        {
            if (value != LinkedAtMs) Rare.LinkedAtMs = value;
        }
    }

    /// <summary>A known user's guests.</summary>
    public LinkedGuest[] Guests
    {
        get => _rare?.Guests ?? [];
        set
        {
            if (value.Length > 0 || _rare is not null) Rare.Guests = value;
        }
    }

    /// <summary>Guests of the time before the last erase: their deltas of that generation or below are dropped.</summary>
    public LinkedGuest[] BrokenGuests
    {
        get => _rare?.BrokenGuests ?? [];
        set
        {
            if (value.Length > 0 || _rare is not null) Rare.BrokenGuests = value;
        }
    }

    /// <summary>Position (events offset) of the purchase that opened the present churn episode; -1: never bought.</summary>
    public long EpisodePosition = -1;
    /// <summary>Episode for which an alert was sent; -1: none.</summary>
    public long AlertedEpisode = -1;

    /// <summary>Stream time of the last alert that went out, ms, where the settings of then asked for it; 0: none.</summary>
    public long AlertedAtMs
    {
        get => _rare?.AlertedAtMs ?? 0;
        set
        {
            if (value != AlertedAtMs) Rare.AlertedAtMs = value;
        }
    }

    /// <summary>Offset of the erase record that emptied the profile last; -1: never. Kept as the tombstone.</summary>
    public long ErasedAt = -1;
    /// <summary>When the last erase record came to be in the log, ms: a guest who was linked by then is not taken in any more. 0: never, or erased before this was kept.</summary>
    public long ErasedAtMs
    {
        get => _rare?.ErasedAtMs ?? 0;
        set
        {
            if (value != ErasedAtMs) Rare.ErasedAtMs = value;
        }
    }

    /// <summary>True while nothing came after the erase: the row is a tombstone and nothing is answered for the user.</summary>
    public bool IsErased;

    // ---- beside Fold: never part of the state hash ----

    /// <summary>Events offset below which everything of this user is in the state.</summary>
    public long AppliedEvents;
    /// <summary>Links offset, likewise.</summary>
    public long AppliedLinks;
    /// <summary>Sequence number of the last batch record applied.</summary>
    public long AppliedSequence;
    /// <summary>Changed since its row was last serialised.</summary>
    public bool Dirty;
    /// <summary>Flush that carries the last change; the user may leave memory once that flush is durable.</summary>
    public long FlushNumber;
    /// <summary>Touched in the batch of this number; the recommendation debounce and the eviction order use it.</summary>
    public long TouchedInBatch;
    /// <summary>Place among the profiles touched in that batch.</summary>
    public int TouchedIndex;
    /// <summary>Stream time of the last recommendation; not durable.</summary>
    public long RecommendedMs;
    /// <summary>Place of the session-end entry in the due index: due time, 0 = none.</summary>
    public long IndexedSessionDueMs;
    /// <summary>Place of the churn entry in the due index: due time, 0 = none.</summary>
    public long IndexedChurnDueMs;
    /// <summary>Purchases that <see cref="IndexedChurnDueMs"/> was worked out for; not durable.</summary>
    public (long FirstMs, long LastMs, int Occasions) ChurnIndexedFor = (0, -1, 0);
    /// <summary>Bucket of the durable session-end entry; -1 = none.</summary>
    public long StoredSessionBucket = -1;
    /// <summary>Bucket of the durable churn entry; -1 = none.</summary>
    public long StoredChurnBucket = -1;

    /// <summary>Write time of the row that holds the last flushed state; 0: no row yet. Not part of the row.</summary>
    public long RowWriteTime;
    /// <summary>Write time that every durable due entry of the profile carries at least; 0: not known. Not part of the row.</summary>
    public long EntriesWriteTime;
    /// <summary>Chosen to leave memory once its due entries carry <see cref="RowWriteTime"/>.</summary>
    public bool IsLeaving;

    /// <summary>Empties everything that Fold knows except <see cref="LinkGeneration"/> and when it was erased; what is beside Fold stays.</summary>
    public void Reset()
    {
        EventCount = FirstEventMs = LastEventMs = 0;
        Counts.Clear();
        ForgetInterests();
        Ring = [];
        Bought = [];
        RecentIds = [];
        IsRingWhole = true;
        RingStart = RingCount = BoughtCount = RecentIdsNext = RecentIdsCount = 0;
        Session = default;
        Purchases = default;
        Consent = ConsentFlags.None;
        ConsentGiven = false;
        var (generation, erasedAtMs) = (LinkGeneration, ErasedAtMs);
        _rare = null;
        (LinkGeneration, ErasedAtMs) = (generation, erasedAtMs);
        EpisodePosition = AlertedEpisode = -1;
    }

    /// <summary>Vectors and interests are zero again, or not made yet.</summary>
    public void ForgetInterests() => _interests = null;

    /// <summary>Counts a message.</summary>
    public ref uint MessageCount(int state) => ref Rare.Messages[state];

    private InterestState Made => _interests ??= new InterestState();

    private RareState Rare => _rare ??= new RareState();

    /// <summary>The i-th ring entry, 0 = oldest.</summary>
    public ref RingEntry RingAt(int i) => ref Ring[(RingStart + i) % Ring.Length];

    /// <summary>Asks the processor for the fields: an event is about to touch nearly all of them.</summary>
    internal void ExpectFields() => Prefetch.Object(this, FieldBytes);

    /// <summary>Asks the processor for the lists that an event looks through; the fields must be there already.</summary>
    internal void ExpectLists()
    {
        Prefetch.Elements<ulong>(RecentIds.AsSpan(0, RecentIdsCount));
        if (Ring.Length > 0) Prefetch.Line(ref Ring[RingCount < Ring.Length ? (RingStart + RingCount) % Ring.Length : RingStart]);
        if (Session.Actions is { } actions && Session.ActionCount < actions.Length) Prefetch.Line(ref actions[Session.ActionCount]);
    }

    /// <summary>Asks the processor for the lists that a row is made of; the fields must be there already.</summary>
    internal void ExpectRow()
    {
        Prefetch.Elements<ulong>(RecentIds.AsSpan(0, RecentIdsCount));
        Prefetch.Elements<RingEntry>(Ring.AsSpan(0, RingCount));
        Prefetch.Elements<RingEntry>(Session.Actions.AsSpan(0, Session.ActionCount));
        Prefetch.Elements<BoughtItem>(Bought.AsSpan(0, BoughtCount));
        if (!IsRingWhole && Vectors is { } vectors) Prefetch.Elements<float>(vectors);
    }

    /// <summary>True where the purpose is consented to.</summary>
    public bool Allows(ConsentFlags purpose) => (Consent & purpose) == purpose;
}
