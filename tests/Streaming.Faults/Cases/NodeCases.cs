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
