using System.Diagnostics.Metrics;

namespace Streaming.Core.Shard;

/// <summary>What shards count.</summary>
internal static class ShardMetrics
{
    public static readonly Counter<long> Events = Counter("streaming_events_total", "Events folded, duplicates and dead letters excluded.");
    public static readonly Counter<long> Duplicates = Counter("streaming_duplicate_events_total", "Events whose id was within the duplicate window.");
    public static readonly Counter<long> DeadLetters = Counter("streaming_dead_letters_total", "Records that could not be applied, by reason.");
    public static readonly Counter<long> Clamped = Counter("streaming_clamped_events_total", "Events whose time lay beyond the broker's append time and was clamped.");
    public static readonly Counter<long> CreateTime = Counter("streaming_create_time_events_total", "Events of a topic without LogAppendTime.");
    public static readonly Counter<long> Batches = Counter("streaming_batches_total", "Batches committed.");
    public static readonly Counter<long> Recommendations = Counter("streaming_recommendations_total", "Recommendations emitted.");
    public static readonly Counter<long> Degraded = Counter("streaming_degraded_recommendations_total", "Recommendations emitted degraded, by cause.");
    public static readonly Counter<long> ChurnAlerts = Counter("streaming_churn_alerts_total", "Churn alerts emitted.");
    public static readonly Counter<long> HeldAlerts = Counter("streaming_churn_alerts_held_total", "Looks at users who were due a churn alert and have to wait for it, by reason: budget, quiet_hours or cool_down.");
    public static readonly Counter<long> Sessions = Counter("streaming_sessions_total", "Sessions closed.");
    public static readonly Counter<long> Links = Counter("streaming_links_total", "Guest deltas written to links.");
    public static readonly Counter<long> RefusedLinks = Counter("streaming_refused_links_total", "Records of links that are no guest delta: not written by a shard, left out.");
    public static readonly Counter<long> UsersLoaded = Counter("streaming_users_loaded_total", "Rows asked of the store.");
    public static readonly Counter<long> LateAnswers = Counter("streaming_store_late_answers_total", "Answers of the store that a batch did not wait for any longer.");
    public static readonly Counter<long> UsersEvicted = Counter("streaming_users_evicted_total", "Profiles that left the object form: packed, or dropped from memory.");
    public static readonly Counter<long> UsersParked = Counter("streaming_users_parked_total", "Profiles held back because their row could not be read.");
    public static readonly Counter<long> CorruptRows = Counter("streaming_corrupt_rows_total", "Rows refused: checksum, length or version.");
    public static readonly Counter<long> StaleRows = Counter("streaming_stale_rows_total", "Rows refused because a newer one had been durable: an older copy, or none.");
    public static readonly Counter<long> UsersRebuilt = Counter("streaming_users_rebuilt_total", "Profiles built anew from the beginning of the log, because their row was refused.");
    public static readonly Counter<long> UsersLost = Counter("streaming_users_lost_total", "Profiles whose row was refused and that the log no longer reaches back to: they stay parked.");
    public static readonly Counter<long> BadRequests = Counter("streaming_bad_control_records_total", "Records of control that are neither batch records nor readable requests.");
    public static readonly Counter<long> ReplayedEvents = Counter("streaming_replayed_events_total", "Events replayed silently at take-over.");
    public static readonly Counter<long> TakeOvers = Counter("streaming_take_overs_total", "Take-overs.");
    public static readonly Counter<long> HangingTransactions = Counter("streaming_hanging_transactions_total", "Take-overs put off because a transaction hangs in control: a person must end it.");
    public static readonly Counter<long> UndoneTransactions = Counter("streaming_undone_transactions_total", "Transactions that were not committed and whose markers the coordinator had dropped, ended by the take-over that found them.");
    public static readonly Counter<long> ForgottenBatches = Counter("streaming_forgotten_batches_total", "Committed batches whose marker in control the coordinator had dropped and whose records were written once more, as C told.");
    public static readonly Counter<long> RepairedTransactions = Counter("streaming_repaired_transactions_total", "Committed transactions whose marker in an output the coordinator had dropped and whose records were written once more there.");
    public static readonly Counter<long> HangingOffsets = Counter("streaming_hanging_offsets_total", "Take-overs where a commit of the group's offset hung: the batch records told where the shard stands.");
    public static readonly Counter<long> OffsetsBehind = Counter("streaming_offsets_behind_total", "Take-overs where the group's offset was behind the batch records, which count.");
    public static readonly Counter<long> CompactTaken = Counter("streaming_compact_users_taken_total", "Profiles taken back from their compact form in memory, in place of a read from the store.");
    public static readonly Counter<long> CompactDropped = Counter("streaming_compact_users_dropped_total", "Compact profiles dropped from memory for the bound on their bytes.");
    public static readonly Counter<long> RowsFlushed = Counter("streaming_rows_flushed_total", "Rows made durable.");
    public static readonly Counter<long> FlushFailures = Counter("streaming_flush_failures_total", "Flushes that failed and were tried again.");
    public static readonly Counter<long> RollBacks = Counter("streaming_store_roll_backs_total", "Times that a shard found the store behind what had been durable there.");
    public static readonly Histogram<double> FlushSeconds = Histogram("streaming_flush_seconds", "Time to make a flush durable.");
    public static readonly Histogram<double> TakeOverSeconds = Histogram("streaming_take_over_seconds", "Time of a take-over that came to its end, by step.");
    public static readonly Histogram<double> CommitSeconds = Histogram("streaming_transaction_seconds", "Time from Begin to committed.");
    public static readonly Histogram<double> WorkSeconds = Histogram("streaming_work_seconds", "Time of Fold to Rerank for one batch.");
    public static readonly Histogram<double> BatchEvents = Histogram("streaming_batch_events", "Events of one batch.");
    public static readonly Histogram<double> FreshnessSeconds = Histogram("streaming_freshness_seconds", "Broker append time of an event to its committed recommendation.");

    /// <summary>Counts a row that was refused.</summary>
    public static void Refused(ParkCause cause)
    {
        if (cause == ParkCause.Refused) CorruptRows.Add(1);
        else if (cause == ParkCause.Stale) StaleRows.Add(1);
    }

    private static Counter<long> Counter(string name, string description) => EngineMeter.Meter.CreateCounter<long>(name, null, description);

    private static Histogram<double> Histogram(string name, string description) => EngineMeter.Meter.CreateHistogram<double>(name, null, description);
}
