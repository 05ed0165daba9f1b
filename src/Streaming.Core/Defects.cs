#if SIMULATION_DEFECTS
using System.Runtime.CompilerServices;

namespace Streaming.Core;

/// <summary>
/// Mistakes that the simulation plants to show that it would find them (docs/fault-model.md). Only a build with <c>-p:SimulationDefects=true</c> holds this file and the places that ask it; the product holds neither.
/// </summary>
public enum Defect
{
    /// <summary>None.</summary>
    None,
    /// <summary>Rows are written when a batch is worked, not when it is committed.</summary>
    SnapshotAheadOfCommit,
    /// <summary>A take-over after the first trusts the producer that it has: it does not initialise it anew.</summary>
    NoInitAfterUnclearOutcome,
    /// <summary>An unclear outcome of a commit counts as committed.</summary>
    UnclearOutcomeTakenForCommitted,
    /// <summary>The end of the batch records is read before the fence is up.</summary>
    LogEndReadBeforeFence,
    /// <summary>A take-over goes on with the memory it finds.</summary>
    MemoryKeptAtTakeOver,
    /// <summary>The offset committed is one too high.</summary>
    OffsetOneTooHigh,
    /// <summary>R points behind the next batch record instead of before it.</summary>
    ControlOffsetOneTooHigh,
    /// <summary>The replay ends one batch before C.</summary>
    ReplayOneBatchShort,
    /// <summary>The replay applies batches that a row holds already.</summary>
    RowAppliedTwice,
    /// <summary>Write times are made of the events offset alone, so that a later write may lose.</summary>
    WriteTimeWithoutBatches,
    /// <summary>Write times are those of a node's clock: the node that runs ahead wins.</summary>
    WriteTimeFromTheClock,
    /// <summary>A failed flush counts as durable.</summary>
    FailedFlushTakenForDurable,
    /// <summary>Profiles leave memory before their row is durable.</summary>
    EvictedBeforeDurable,
    /// <summary>R moves though a profile is held back below it.</summary>
    DurableMarkPastParked,
    /// <summary>A row that could not be read counts as no row.</summary>
    UnreadableTakenForNew,
    /// <summary>Records that a parked user owes are forgotten.</summary>
    OwedOutputsForgotten,
    /// <summary>Due entries are not written with the rows.</summary>
    DueEntriesNotWritten,
    /// <summary>Due buckets are never loaded.</summary>
    DueBucketsNotLoaded,
    /// <summary>A batch that deferred its due entries does not say so.</summary>
    DeferralNotRecorded,
    /// <summary>A row loses its event ids when it is loaded.</summary>
    DuplicateWindowLostAtLoad,
    /// <summary>An erasure writes no row.</summary>
    EraseWithoutTombstone,
    /// <summary>An erasure forgets which guests it cut off, so that their late deltas bring the user back.</summary>
    EraseForgetsGuests,
    /// <summary>A guest who was linked before the user was erased, but whose delta came after, brings the user back.</summary>
    LateLinkRevives,
    /// <summary>Nobody looks whether the store went back behind what was durable.</summary>
    RollBackUnseen,
    /// <summary>An alert is state without being a record.</summary>
    AlertWithoutFact,
    /// <summary>A live batch folds its links after its events; a replay before.</summary>
    LinksAfterEvents,
    /// <summary>A table of vectors that a batch puts in force is no record of the log.</summary>
    TablesNotLogged,
    /// <summary>A hand-off before the first batch makes rows durable that hide outputs still owed.</summary>
    OwedOutputsLostAtHandOff,
    /// <summary>A take-over stops at the group's offset, though batch records go on behind it.</summary>
    BatchRecordsBeyondOffsetIgnored,
    /// <summary>Rows that a slow store did not give in time count as no rows.</summary>
    LateRowsTakenForNew,
    /// <summary>Batch records whose marker was forgotten are not written again.</summary>
    ForgottenBatchesIgnored,
    /// <summary>Outputs whose marker was forgotten are not written again.</summary>
    AnnouncedOutputsForgotten,
    /// <summary>Nobody looks for transactions that were left hanging.</summary>
    HangingTransactionsIgnored,
    /// <summary>A transaction is begun where what is committed cannot be read yet.</summary>
    UnreadRecordsIgnored,
    /// <summary>A transaction that hangs is undone although some of its markers were written.</summary>
    HalfMarkedTransactionUndone,
    /// <summary>Of the lists of a batch the first is not written where there are others.</summary>
    ListOfABatchLost,
    /// <summary>An alert is a fact without being a record.</summary>
    AlertLost,
    /// <summary>An older write or delta of an erased profile wins over the tombstone: nobody looks which of them came first.</summary>
    TombstoneOrderIgnored,
    /// <summary>Who was alerted is alerted again a day later, in the same episode under a number made up.</summary>
    AlertAgainInEpisode,
    /// <summary>Half of the users are never alerted.</summary>
    AlertsOfHalfMissed,
    /// <summary>A good event goes to the dead letters: every wishlist.</summary>
    GoodEventDeadLettered,
    /// <summary>Of the profiles that are too many in memory one leaves with a batch, however many came.</summary>
    EvictionTooSlow,
    /// <summary>A commit without an answer is followed by a take-over that does not initialise the producer anew, so that the request to end it may still end another transaction.</summary>
    InitLeftOutAfterUnclearCommit,
    /// <summary>A row that is older than the one known to be durable is taken.</summary>
    OlderRowTaken,
    /// <summary>The last bit of a vector changes when its row is loaded.</summary>
    VectorRoundedAtLoad,
    /// <summary>Nobody looks whether a topic ends before the place where the store stands.</summary>
    TopicCreatedAnewUnseen,
    /// <summary>Profiles that were held back are never looked at again.</summary>
    ParkedForEver,
    /// <summary>Alerts are sent whether the user consents to marketing or not.</summary>
    MarketConsentIgnored,
    /// <summary>The time of an event is clamped by a timestamp that is the producer's own word.</summary>
    ClampedByCreateTime,
}

/// <summary>The mistake planted in this process.</summary>
public static class Defects
{
    /// <summary>Set once, before anything runs.</summary>
    public static Defect Planted { get; set; }

    internal static bool Has(Defect defect) => Planted == defect;

    private static readonly ConditionalWeakTable<object, object> InDoubt = [];

    /// <summary>A shard's commit had no answer. True.</summary>
    internal static bool Unclear(object shard)
    {
        InDoubt.AddOrUpdate(shard, shard);
        return true;
    }

    /// <summary>Whether a take-over of this shard leaves out what makes the producer's older requests void.</summary>
    internal static bool LeavesInitOut(object shard, bool isFirst) =>
        (Has(Defect.NoInitAfterUnclearOutcome) && !isFirst) || (Has(Defect.InitLeftOutAfterUnclearCommit) && InDoubt.TryGetValue(shard, out _));

    /// <summary>A take-over ended, unless it found nothing yet: whatever was unclear before it is no longer.</summary>
    internal static T? TookOver<T>(object shard, T? restored) where T : class
    {
        if (restored is not null) InDoubt.Remove(shard);
        return restored;
    }
}
#endif
