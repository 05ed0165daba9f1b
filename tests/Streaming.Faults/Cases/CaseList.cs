using Streaming.Faults.Resources;
using Streaming.Faults.Soak;

namespace Streaming.Faults.Cases;

/// <summary>Every case that runs here.</summary>
internal static class CaseList
{
    /// <summary>What every case asks of the oracle.</summary>
    public const string Oracle = "nothing lost, doubled or invented; every stored profile equals the reference fold";

    private const string Held = Oracle + "; each time the client had gone on before the release, and the broker answered", Torn = "the oracle proves a torn transaction; records that are merely not read do not count";

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        Crash("a1-polled", "A1", "A1-polled", 15, "after records were read, before anything changed"),
        Crash("a2-folded", "A2", "A2-folded", 15, "after the fold, nothing written"),
        Crash("a3-some-produced", "A3", "A3-some-produced", 200, "with a part of the outputs produced"),
        Crash("a4-produced", "A4", "A4-produced", 15, "all outputs at the broker, before the offsets are sent", waitMs: 150),
        Crash("a5-offsets-sent", "A5", "A5-offsets-sent", 15, "offsets sent, before the commit", waitMs: 50),
        Crash("a6-committing", "A6", "A6-committing", 15, "0 to 20 ms after the commit began", afterMs: 20),
        Crash("a7-committed", "A7", "A7-committed", 20, "after the commit, before the flush"),
        Crash("a8-row-written", "A8", "A8-row-written", 200, "between the rows of one flush"),
        Crash("a9-rows-written", "A9", "A9-rows-written", 20, "all rows written, the low-water mark not"),
        Crash("a10-row-read", "A10", "A10-row-read", 4, "take-over: after the low-water mark was read", lives: true),
        Crash("a10-replaying", "A10", "A10-replaying", 3, "take-over: in the middle of the replay", lives: true),
        Crash("a11-hand-off-begun", "A11", "A11-hand-off-begun", 4, "hand-off begun (SIGTERM), nothing flushed", CrashTrigger.Terminate),
        Crash("a11-flushed", "A11", "A11-flushed", 4, "hand-off flushed, before the process ends", CrashTrigger.Terminate),
        Crash("a12-initialised", "A12", "A12-initialised", 4, "new owner: after it fenced the old one", lives: true),
        Crash("a12-restored", "A12", "A12-restored", 4, "new owner: restored, before its first batch", lives: true),
        Crash("a13-model-loading", "A13", "A13-model-loading", 1, "another version of the model is there (two take turns) and about to be read", CrashTrigger.ModelReload, passAfterStart: true),
        Crash("a13-model-loaded", "A13", "A13-model-loaded", 1, "another version of the model (two take turns) is read, not yet in use", CrashTrigger.ModelReload, passAfterStart: true),
        Crash("a14-dead-letter", "A14", "A14-dead-letter-produced", 20, "a dead letter was produced, its transaction open"),
        Crash("a15-erase-folded", "A15", "A15-erase-folded", 20, "an erase was folded"),
        Crash("a15-erase-committed", "A15", "A15-erase-committed", 20, "an erase is committed, its tombstone not stored"),
        Crash("a15-tombstone-written", "A15", "A15-tombstone-written", 20, "a tombstone is written, the low-water mark not"),
        new KillCase { Name = "a16-term-then-kill", Covers = "A16", Kills = 10, AsksFirst = true, Seconds = (0.5, 3), Inject = "SIGTERM, and SIGKILL a second later where it still runs", Invariant = Oracle },
        new KillCase { Name = "a17-random", Covers = "A17", Kills = 60, Seconds = (0, 4), Inject = "SIGKILL at a random moment of 0 to 4 s after all shards run", Invariant = Oracle },
        new KillCase { Name = "a17-random-at-start", Covers = "A17", Kills = 30, FromStart = true, Seconds = (1.5, 6), Inject = "SIGKILL 1.5 to 6 s after the process started, take-overs included", Invariant = Oracle },
        Crash("a8-row-written-cassandra", "A8", "A8-row-written", 60, "between the statements of one flush", store: StoreKind.Cassandra),
        Crash("a8-due-written-cassandra", "A8", "A8-due-entries-written", 20, "due entries written, no row yet", store: StoreKind.Cassandra),
        Crash("a9-rows-written-cassandra", "A9", "A9-rows-written", 20, "all rows written, the low-water mark not", store: StoreKind.Cassandra),
        Crash("a15-tombstone-written-cassandra", "A15", "A15-tombstone-written", 20, "a tombstone is written, the low-water mark not", store: StoreKind.Cassandra),
        Crash("a10-replaying-cassandra", "A10", "A10-replaying", 3, "take-over: in the middle of the replay", lives: true, store: StoreKind.Cassandra),
        new KillCase { Name = "a17-random-cassandra", Covers = "A17", Kills = 20, Seconds = (0, 4), Store = StoreKind.Cassandra, Inject = "SIGKILL at a random moment of 0 to 4 s after all shards run", Invariant = Oracle },
        new HeldCommitCase { Name = "k9-held-commit", Covers = "B5 K9", Holds = 100, HoldMs = HeldCommits.BeyondClientMs, Inject = "a commit is held until the client's limit (2 s, noticed within 3 s) has passed, then released", Invariant = Held },
        new HeldCommitCase { Name = "k9-held-commit-cut", Covers = "B5 K9", Holds = 100, HoldMs = (5, 1500), CutsClient = true, Inject = "a commit is held, the client's connection cut at once, then released", Invariant = Held },
        new ReplyLostCase
        {
            Name = "k9-reply-lost", Covers = "A6 K9", Losses = 50, Inject = "the broker's answer to a commit is lost, the commit is done: by turns the connection is cut in its place, or nothing comes; the process lives",
            Invariant = Oracle + "; every shard goes on by itself",
        },
        new TornCommitCase { Name = "k9-defence-off", Covers = "B5 K9", MaxHolds = 100, HoldMs = (5, 1500), CutsClient = true, Inject = "as k9-held-commit-cut with the defence off, until the first proven tear", Invariant = Torn },
        new TornCommitCase { Name = "k9-defence-off-held", Covers = "B5 K9", MaxHolds = 100, HoldMs = HeldCommits.BeyondClientMs, Inject = "as k9-held-commit with the defence off, until the first proven tear", Invariant = Torn },
        Zombie("b1-zombie", StoreKind.Sqlite, "A8-flush-begun"),
        Zombie("b1-zombie-cassandra", StoreKind.Cassandra, "A8-due-entries-written", "A9-rows-written"),
        new BrokerCase { Name = "k1-broker-restart", Covers = "K1", Fault = BrokerFault.Restart, Times = 10, ManagedMiB = 128, Inject = "the broker is stopped and started", Invariant = Oracle + "; every shard goes on by itself" },
        new BrokerCase { Name = "k2-broker-kill", Covers = "K2", Fault = BrokerFault.Kill, Times = 10, ManagedMiB = 128, Inject = "the broker is killed and started (one broker: nothing to chase)", Invariant = Oracle + "; every shard goes on by itself" },
        new BrokerCase { Name = "k3-broker-frozen", Covers = "K3", Fault = BrokerFault.Freeze, Times = 4, ManagedMiB = 128, Inject = "the broker is frozen for 60 s", Invariant = Oracle + "; every shard goes on by itself" },
        new AllDownCase { Name = "a18-all-down", Covers = "A18", Store = StoreKind.Cassandra, Rounds = 2, Inject = "broker, store and engine killed together, started in each of the 6 orders, twice", Invariant = Oracle + "; no crash loop" },
        .. StoreCases.All,
        new LatencyCase
        {
            Name = "c4-latency-20s", Covers = "C4", Store = StoreKind.Cassandra, Steps = [(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(20)), (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(40)), (TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(90))],
            Inject = "shortly after a start every round trip to the store takes 0.2 s, 2 s, 20 s longer", Invariant = Oracle + "; users in memory are scored all the while",
        },
        new UnclearWriteCase { Name = "c6-write-timeout-applied", Covers = "C6", Store = StoreKind.Cassandra, IsApplied = true, Inject = "80 writes apply and are answered with a write timeout or never; four kills", Invariant = Oracle },
        new UnclearWriteCase { Name = "c6-write-timeout-not-applied", Covers = "C5 C6", Store = StoreKind.Cassandra, IsApplied = false, Inject = "80 writes are dropped and answered with a write timeout or never; four kills", Invariant = Oracle },
        new OlderRowCase { Name = "c7-older-row", Covers = "C7", Store = StoreKind.Cassandra, Rows = 100, Inject = "100 reads get an older row than is durable, up to 8 in a row (by the proxy)", Invariant = Oracle },
        new TableFailingCase { Name = "c7-one-table-failing", Covers = "C7", Store = StoreKind.Cassandra, EventsPerSecond = 60, Inject = "one table's writes, then its reads, fail for 15 s each", Invariant = Oracle + "; every shard commits in every 5 s, lists are never more than 5 s apart" },
        new RolledBackCase { Name = "c9-rolled-back", Covers = "C9", Store = StoreKind.Cassandra, Events = 10_000, Inject = "the node's data become those of 10,000 events (days of event time) ago, under the running engine and while it is down", Invariant = Oracle + "; what is missing is replayed" },
        new ClockSkewCase { Name = "d-clock-skew", Covers = "D6 C11", Store = StoreKind.Cassandra, Inject = "an engine's clock is 1 h and 1 d ahead and behind, at the first start too; each is idle for a while and killed, and a right one takes over", Invariant = Oracle + "; no alert early or twice, ticks go no further than time" },
        new TwinCase { Name = "b6-two-engines-one-id", Covers = "B6", Seconds = 120, Inject = "two engines that do not know of each other run with one group and one set of transactional ids", Invariant = Oracle + "; the loser says so and stays away, and they do not fence each other on and on" },
        new BitFlipCase { Name = "k12-bit-flip", Covers = "K12", Times = 3, Inject = "one bit of an unread record is turned over in the broker's file", Invariant = Oracle + "; the shard stands before the damaged batch and says so, the others go on" },
        new QuotaCase
        {
            Name = "k14-quota", Covers = "K14", WritesPerSecond = 64_000, ReadsPerSecond = 64_000, Seconds = 120, EventsPerSecond = 1_500, BatchRecords = 100, PadBytes = 1_500, HasShortTimeouts = false,
            Inject = "the broker slows what the engine writes to 64 kB/s, then what it reads, for two minutes each, while 1,500 events of 1.6 kB come a second",
            Invariant = Oracle + "; the input waits in Kafka, every shard goes on all the while, no client is replaced or given up, no run of a shard ends in an error, memory is bounded",
        },
        new ResourceCase { Name = "b7-processor-quota", Covers = "B7", Limit = ResourceLimit.Processor, Times = 5, HasShortTimeouts = false, Inject = "a twentieth of one processor for 20 s", Invariant = Oracle + "; every shard goes on by itself" },
        new ResourceCase { Name = "r2-memory-limit", Covers = "R2 R3", Limit = ResourceLimit.Memory, Times = 10, Inject = "the memory that the process may have shrinks until the kernel kills it", Invariant = Oracle },
        new ResourceCase { Name = "r4-open-files", Covers = "R4", Limit = ResourceLimit.OpenFiles, Times = 3, Inject = "its connections are lost, and for 20 s there are files for a half, a third, a quarter of them", Invariant = Oracle + "; every shard goes on by itself, or it ends and is started again" },
        new StoreDiskCase { Name = "r1-store-disk-full", Covers = "R1 C13", Times = 3, FullSeconds = 20, Inject = "the disk with the SQLite store is filled to the last byte for 20 s", Invariant = Oracle + "; lists go on, /status names the disk, all is written once there is room" },
        .. NodeCases.All,
        .. NetworkCases.All,
        .. BrokerCases.All,
        .. MoreCases.All,
        new SoakCase { Name = "s1-soak", Covers = "soak R7", HasShortTimeouts = false, Inject = "an hour at half of what the engine can do, nothing injected; each minute it is made to collect", Invariant = Oracle + "; memory, handles and threads do not rise" },
    ];

    private static ZombieCase Zombie(string name, StoreKind store, params string[] flushPoints) => new()
    {
        Name = name,
        Covers = "B1",
        Store = store,
        Times = 50,
        QuietEvery = 5,
        FlushEvery = 2,
        FlushPoints = flushPoints,
        EventsPerSecond = 60,
        Inject = "the owner is frozen (SIGSTOP) until another process took over, then goes on (SIGCONT); every other time with a flush of each shard under way, whose statements it sends once it is awake, while nothing else writes",
        Invariant = Oracle + "; the frozen owner is fenced in every shard, and never fences its heir; after each that wrote on, and each fifth, audit finds every row as it should be",
    };

    private static CrashPointCase Crash(string name, string covers, string point, int maxPass, string where, CrashTrigger trigger = CrashTrigger.None, bool lives = false, double waitMs = 0, double afterMs = 0,
        bool passAfterStart = false, StoreKind store = StoreKind.Sqlite) => new()
        {
            Name = name,
            Covers = covers,
            Point = point,
            MaxPass = maxPass,
            // The start itself loads the model once.
            PassesBefore = passAfterStart ? 1 : 0,
            WaitMs = waitMs,
            MaxAfterMs = afterMs,
            Trigger = trigger,
            LivesBetween = lives,
            Store = store,
            Inject = $"the process kills itself: {where}",
            Invariant = trigger == CrashTrigger.ModelReload ? Oracle + "; the next life serves the version that is there; each list names one of the two, or why none scored it" : Oracle,
        };
}
