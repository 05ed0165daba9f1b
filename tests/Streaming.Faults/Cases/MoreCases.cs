using Streaming.Faults.Resources;

namespace Streaming.Faults.Cases;

/// <summary>Cases of faults that the other lists leave out.</summary>
internal static class MoreCases
{
    private const string ByItself = "; every shard goes on by itself";

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new UnansweredCase
        {
            Name = "c5-unanswered", Covers = "C5", Store = StoreKind.Cassandra, Share = 0.05, Windows = 6, WindowSeconds = 20, HasShortTimeouts = false, EventsPerSecond = 60,
            Inject = "a twentieth of all requests to the store, reads and writes, is never answered for two minutes; of the writes a half applies",
            Invariant = CaseList.Oracle + "; every shard commits and lists come all the while, threads do not pile up, what is owed is written afterwards",
        },
        new StoreRefusalCase
        {
            Name = "c8-overloaded", Covers = "C8", Store = StoreKind.Cassandra, Seconds = 10, HasShortTimeouts = false, EventsPerSecond = 80,
            Inject = "the store answers every request that it is overloaded for 10 s, then refuses every batch as too large for 10 s",
            Invariant = CaseList.Oracle + "; every shard commits meanwhile, what is owed is written afterwards",
        },
        new BetweenCallsCase
        {
            Name = "k6-broker-between-calls", Covers = "K6", Broker = [BrokerFault.Kill, BrokerFault.Restart], HangSeconds = 40, TransactionTimeoutMs = 120_000, HasShortTimeouts = false, EventsPerSecond = 60,
            Points = ["A12-initialised", "A2-folded", "A3-some-produced", "A4-produced", "A5-offsets-sent", "A7-committed"],
            Inject = "a shard stands still between two calls of one transaction (after it initialised, began, produced some, produced all, sent its offsets, committed) while the broker is killed or stopped and started",
            Invariant = CaseList.Oracle + ByItself,
        },
        new BetweenCallsCase
        {
            Name = "k5-slow-batch", Covers = "K5", HangSeconds = 15, TransactionTimeoutMs = 3_000, EventsPerSecond = 60, Points = ["A2-folded", "A3-some-produced", "A4-produced", "A5-offsets-sent"],
            Inject = "a batch takes 15 s where the broker lets a transaction take 3 s and looks for such every 10 s",
            Invariant = CaseList.Oracle + ByItself,
        },
        new PartitionsAddedCase
        {
            Name = "k10-partitions-added", Covers = "K10", EventsPerSecond = 60, Inject = "partitions are added to the events topic under the running engine, which is drained and started again",
            Invariant = CaseList.Oracle + ", before and for what is committed to the old partitions afterwards; it goes on with those it knows until it looks at its topics again, and then stands and says why; no start is allowed afterwards, with the old number nor the new, the error names both, nothing is written",
        },
        new AdvertisedAddressCase
        {
            Name = "r6-advertised-address", Covers = "R6", EventsPerSecond = 60, Inject = "the broker is reached and advertises an address where nobody listens, at the start and in mid-run",
            Invariant = CaseList.Oracle + "; not ready, the log names the address" + ByItself,
        },
        new BurstCase
        {
            Name = "d8-burst", Covers = "D8", EventsPerSecond = 20, BurstPerSecond = 20_000, PadBytes = 8_000, BacklogMiB = (192, 768), MostSeconds = 120, SilentSeconds = 20, HasShortTimeouts = false,
            Inject = "up to 20,000 events of 8 kB a second until 192 MiB of them wait in Kafka, then until 768 MiB do, then silence for 20 s",
            Invariant = CaseList.Oracle + "; what waits does not wait in memory, the lag is made up" + ByItself,
        },
        new StoreReadOnlyCase
        {
            Name = "r1-store-read-only", Covers = "R1", Times = 2, Seconds = 15, EventsPerSecond = 80, Inject = "the file system of the SQLite store turns read-only under load as ext4 does after an error, and is repaired; the engine is started on it while it is read-only",
            Invariant = CaseList.Oracle + "; lists go on, /status names the file; a start waits or ends with an error that names it",
        },
        new ResourceCase
        {
            Name = "r4-threads", Covers = "R4", Limit = ResourceLimit.Threads, Times = 3, Inject = "the broker is killed and started, and until 20 s later no new thread is to be had",
            Invariant = CaseList.Oracle + "; every shard goes on by itself, or it ends and is started again",
        },
        new SecretsCase
        {
            Name = "s4-no-secret-in-logs", Covers = "S4 S8", EventsPerSecond = 40, Inject = "marked passwords and a token, right and wrong ones, over SASL and TLS, while the broker is killed; events whose ids hold line breaks and escapes",
            Invariant = CaseList.Oracle + "; no log, status or metric holds a mark",
        },
        new SplitCase
        {
            Name = "b9-all-downed", Covers = "B9", Shape = SplitShape.Everybody, Rounds = 2, EventsPerSecond = 40, Inject = "of two workers and a witness nobody hears anybody, until all have ended by themselves; they are started again",
            Invariant = CaseList.Oracle + "; all end with an error, all partitions run again after it is healed",
        },
        new RebalanceStormCase
        {
            Name = "b10-rebalance-storm", Covers = "B10", Times = 25, EventsPerSecond = 40, Inject = "one of two workers leaves and joins again as soon as it can, 25 times: 50 rebalances",
            Invariant = CaseList.Oracle + "; no partition pauses for more than 15 s, those of the worker that stays never move, nothing is replayed",
        },
    ];
}
