namespace Streaming.Faults.Cases;

/// <summary>Cases with several nodes of the engine.</summary>
internal static class NodeCases
{
    // Modest: what is measured is the cluster, not the fold.
    private const int EventsPerSecond = 40;

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        FailOver("f1-failover-lowest-address", FailOverVictim.LowestAddress, "the worker with the lowest address"),
        FailOver("f2-failover-coordinator", FailOverVictim.Coordinator, "the worker that runs the shards' coordinator (the oldest)"),
        FailOver("f3-failover-youngest", FailOverVictim.Youngest, "the worker that joined last"),
        new HandOverCase
        {
            Name = "f4-hand-over", Covers = "A11 A16", Times = 10, EventsPerSecond = EventsPerSecond, Inject = "of two workers and a witness one worker gets SIGTERM, in turn",
            Invariant = CaseList.Oracle + "; median pause of a partition's outputs at most 1 s",
        },
        new NeighbourCase
        {
            Name = "r5-busy-neighbour", Covers = "R5", Times = 3, PerProcessor = 4, Seconds = 40, HasShortTimeouts = false, EventsPerSecond = EventsPerSecond, Inject = "four busy processes for each processor run beside two workers and a witness for 40 s",
            Invariant = CaseList.Oracle + "; nobody is taken for dead, no partition moves, outputs go on",
        },
    ];

    private static FailOverCase FailOver(string name, FailOverVictim victim, string who) => new()
    {
        Name = name,
        Covers = "A17",
        Victim = victim,
        Kills = 10,
        EventsPerSecond = EventsPerSecond,
        Inject = $"of two workers and a witness {who} is killed",
        Invariant = CaseList.Oracle + "; median until the first output of its partitions at most 8 s",
    };
}
