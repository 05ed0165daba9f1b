namespace Streaming.Faults.Cases;

/// <summary>The quick tier: the moments that matter most, each killed or hurt one to three times. It keeps no results; the whole list does.</summary>
internal static class QuickList
{
    private const string Oracle = "nothing lost, doubled or invented; every stored profile equals the reference fold";

    // The engine's default: a machine that does other work too must not run into the limit by itself.
    private const int TransactionTimeoutMs = 10_000;

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        Crash("quick-a4-produced", "A4", "A4-produced", 5, "all outputs at the broker, before the offsets are sent", waitMs: 150),
        Crash("quick-a6-committing", "A6", "A6-committing", 5, "0 to 20 ms after the commit began", afterMs: 20),
        Crash("quick-a7-committed", "A7", "A7-committed", 5, "after the commit, before the flush"),
        Crash("quick-a9-rows-written", "A9", "A9-rows-written", 5, "all rows written, the low-water mark not"),
        Crash("quick-a10-replaying", "A10", "A10-replaying", 1, "take-over: in the middle of the replay", kills: 1, lives: true),
        new HeldCommitCase { Name = "quick-k9-held-commit-cut", Covers = "B5 K9", HasShortTimeouts = false, Holds = 3, LeastShare = 0.5, TransactionTimeoutMs = TransactionTimeoutMs, HoldMs = (500, 1500), CutsClient = true, Inject = "a commit is held, the client's connection cut at once, then released", Invariant = Oracle },
        new ZombieCase { Name = "quick-b1-zombie", Covers = "B1", HasShortTimeouts = false, Times = 1, QuietEvery = 2, FlushEvery = 2, FlushPoints = ["A8-flush-begun"], TransactionTimeoutMs = TransactionTimeoutMs, Inject = "the owner is frozen (SIGSTOP) until another process took over, then goes on (SIGCONT)", Invariant = Oracle + "; the frozen owner is fenced in every shard" },
    ];

    private static CrashPointCase Crash(string name, string covers, string point, int maxPass, string where, int kills = 2, bool lives = false, double waitMs = 0, double afterMs = 0) => new()
    {
        Name = name,
        Covers = covers,
        HasShortTimeouts = false,
        Point = point,
        Kills = kills,
        MaxPass = maxPass,
        WaitMs = waitMs,
        MaxAfterMs = afterMs,
        LivesBetween = lives,
        Inject = $"the process kills itself: {where}",
        Invariant = Oracle,
    };
}
