namespace Streaming.Core.Shard;

/// <summary>How a shard works its partition.</summary>
public sealed record ShardOptions
{
    private const int MostParkedUsers = 20_000; // the batch record that names them all must be one that a broker takes

    /// <summary>Most events of one batch (1 to 100,000).</summary>
    public int MaxBatchRecords { get; init; } = 4000;
    /// <summary>Bytes of events after which a batch takes no more (64 KiB to 1 GiB): large records make smaller batches, not larger memory.</summary>
    public int MaxBatchBytes { get; init; } = 32 * 1024 * 1024;
    /// <summary>Queries of users that wait for one shard; beyond it they are refused at once (1 to 100,000).</summary>
    public int MaxQueries { get; init; } = 1000;
    /// <summary>Longest wait for input before an empty batch goes round (1 ms to 10 s).</summary>
    public TimeSpan PollWait { get; init; } = TimeSpan.FromMilliseconds(100);
    /// <summary>Time after which changed profiles are written to the store (10 ms to 10 min).</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);
    /// <summary>Profiles of one shard kept in memory as objects, some 1.5 KB each; beyond it durable ones are packed, longest untouched first (100 and more).</summary>
    public int MaxResidentUsers { get; init; } = 250_000;
    /// <summary>Bytes of one shard's memory for packed profiles, some 700 each: taken back without a read of the store. Beyond it the oldest are dropped; 0: none is kept (0 to 34359738368).</summary>
    public long MaxCompactBytes { get; init; } = 128 * 1024 * 1024;
    /// <summary>Profiles whose row cannot be read, 1 to 20,000, held back at the same time; beyond it the shard waits for the store.</summary>
    public int MaxParkedUsers { get; init; } = 10_000;
    /// <summary>Time that a batch waits for the store to give rows and due entries; then profiles that are not in memory are held back, and the others go on (10 ms to 1 min).</summary>
    public TimeSpan LoadBudget { get; init; } = TimeSpan.FromSeconds(2);
    /// <summary>Time between two tries to bring parked profiles back (10 ms to 10 min).</summary>
    public TimeSpan ParkedRetry { get; init; } = TimeSpan.FromSeconds(1);
    /// <summary>Reads of an outdated row before it is taken for the only one there is and the profile is built anew from the log (1 to 1,000).</summary>
    public int MaxStaleReads { get; init; } = 5;
    /// <summary>Time between two reads of a row that was refused and cannot be built anew, because the log no longer reaches back (1 s to 7 days).</summary>
    public TimeSpan LostRetry { get; init; } = TimeSpan.FromMinutes(5);
    /// <summary>Time that the first piece of a side replay for parked profiles may take from a batch; each further piece may take that much longer, so that it catches up with any traffic (1 ms to 10 s).</summary>
    public TimeSpan SideReplayBudget { get; init; } = TimeSpan.FromMilliseconds(200);
    /// <summary>Absent users whose last row's write time is kept in memory, 16 bytes each, so that an outdated row is recognised (8 and more).</summary>
    public int MaxRememberedRows { get; init; } = 250_000;
    /// <summary>Events that progress may run ahead of durable state; beyond it the shard waits for the store (1,000 and more).</summary>
    public long MaxEventsBeyondDurable { get; init; } = 2_000_000;
    /// <summary>Event time between two recommendations of one user (0 to 1 day).</summary>
    public TimeSpan RecommendDebounce { get; init; } = TimeSpan.Zero;
    /// <summary>False: profiles only.</summary>
    public bool Recommend { get; init; } = true;
    /// <summary>Surface named in recommendations.</summary>
    public string Surface { get; init; } = "home";
    /// <summary>Items of one recommendation (1 to 200).</summary>
    public int ListLength { get; init; } = 20;
    /// <summary>Time that recall and scoring of one batch may take; what does not fit goes out degraded (10 ms to 8 s, well inside the transaction time-out).</summary>
    public TimeSpan ScoreBudget { get; init; } = TimeSpan.FromSeconds(2);
    /// <summary>Users scored in one request (1 to 1,000).</summary>
    public int ScoreUsers { get; init; } = 32;
    /// <summary>Idle time after which an idle shard commits a tick (100 ms to 1 day).</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>Width of a bucket of the due index in a new store (1 min to 7 days); a store that exists keeps the width that it was begun with.</summary>
    public TimeSpan DueBucket { get; init; } = TimeSpan.FromHours(6);
    /// <summary>Number added to every write time: raise it when a store is restored beside newer rows (0 and more).</summary>
    public long WriteTimeEpoch { get; init; } = 1;
    /// <summary>Back-off after a failed flush (10 ms to 1 min), doubled up to ten times.</summary>
    public TimeSpan FlushRetry { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>See <see cref="DueHeap"/>; no setting.</summary>
    internal int DueHeapSlack { get; init; } = 512;

    /// <summary>Every value outside its range.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxBatchRecords is < 1 or > 100_000) yield return "Shard:MaxBatchRecords must be 1 to 100000";
        if (MaxBatchBytes is < 64 * 1024 or > 1024 * 1024 * 1024) yield return "Shard:MaxBatchBytes must be 65536 to 1073741824";
        if (MaxQueries is < 1 or > 100_000) yield return "Shard:MaxQueries must be 1 to 100000";
        if (!In(PollWait, 1, 10_000)) yield return "Shard:PollWait must be 1 ms to 10 s";
        if (!In(FlushInterval, 10, 600_000)) yield return "Shard:FlushInterval must be 10 ms to 10 min";
        if (MaxResidentUsers < 100) yield return "Shard:MaxResidentUsers must be 100 or more";
        if (MaxCompactBytes is < 0 or > 32L * 1024 * 1024 * 1024) yield return "Shard:MaxCompactBytes must be 0 to 34359738368";
        if (MaxParkedUsers is < 1 or > MostParkedUsers) yield return $"Shard:MaxParkedUsers must be 1 to {MostParkedUsers}, not {MaxParkedUsers}";
        if (!In(LoadBudget, 10, 60_000)) yield return "Shard:LoadBudget must be 10 ms to 1 min";
        if (!In(ParkedRetry, 10, 600_000)) yield return "Shard:ParkedRetry must be 10 ms to 10 min";
        if (MaxStaleReads is < 1 or > 1000) yield return "Shard:MaxStaleReads must be 1 to 1000";
        if (!In(LostRetry, 1000, 7L * 86_400_000)) yield return "Shard:LostRetry must be 1 s to 7 days";
        if (!In(SideReplayBudget, 1, 10_000)) yield return "Shard:SideReplayBudget must be 1 ms to 10 s";
        if (MaxRememberedRows < 8) yield return "Shard:MaxRememberedRows must be 8 or more";
        if (MaxEventsBeyondDurable < 1000) yield return "Shard:MaxEventsBeyondDurable must be 1000 or more";
        if (!In(RecommendDebounce, 0, 86_400_000)) yield return "Shard:RecommendDebounce must be 0 to 1 day";
        if (string.IsNullOrWhiteSpace(Surface)) yield return "Shard:Surface must not be empty";
        if (ListLength is < 1 or > 200) yield return "Shard:ListLength must be 1 to 200";
        if (!In(ScoreBudget, 10, 8000)) yield return "Shard:ScoreBudget must be 10 ms to 8 s";
        if (ScoreUsers is < 1 or > 1000) yield return "Shard:ScoreUsers must be 1 to 1000";
        if (!In(TickInterval, 100, 86_400_000)) yield return "Shard:TickInterval must be 100 ms to 1 day";
        if (!In(DueBucket, 60_000, 7L * 86_400_000)) yield return "Shard:DueBucket must be 1 min to 7 days";
        if (WriteTimeEpoch < 0) yield return "Shard:WriteTimeEpoch must be 0 or more";
        if (!In(FlushRetry, 10, 60_000)) yield return "Shard:FlushRetry must be 10 ms to 1 min";
    }

    private static bool In(TimeSpan value, double fromMs, double toMs) => value.TotalMilliseconds >= fromMs && value.TotalMilliseconds <= toMs;
}
