namespace Streaming.Faults.Cases;

/// <summary>Cases in which Cassandra is away, or nodes of it.</summary>
internal static class StoreCases
{
    // Three nodes take much of a small machine: what is measured is the store, not the fold.
    private const int ThreeNodes = 3, EventsPerSecond = 80;

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        Down("c2-cassandra-down", "C2 C3", times: 2, awaySeconds: 45, "the store is killed under load and away, twice for 45 s"),
        Down("c2-cassandra-down-10min", "C2 C3", times: 1, awaySeconds: 600, "the store is killed under load and away for ten minutes"),
        new StoreNodeCase
        {
            Name = "c3-one-of-three-cassandra-nodes", Covers = "C3", Store = StoreKind.Cassandra, StoreNodes = ThreeNodes, Rounds = 2, AwaySeconds = 30, MaxPauseSeconds = 5, EventsPerSecond = EventsPerSecond,
            Inject = "of three nodes that hold every row each, one after the other is killed under load and away for 30 s, twice each", Invariant = CaseList.Oracle + "; rows are written meanwhile, and lists are never more than 5 s apart",
        },
        Down("c3-two-of-three-cassandra-nodes", "C2 C3", times: 3, awaySeconds: 45, "of three nodes that hold every row each, two are killed under load and away for 45 s, each pair once", nodes: ThreeNodes, killed: 2),
    ];

    private static StoreDownCase Down(string name, string covers, int times, int awaySeconds, string inject, int nodes = 1, int killed = 1) => new()
    {
        Name = name,
        Covers = covers,
        Store = StoreKind.Cassandra,
        StoreNodes = nodes,
        EventsPerSecond = nodes > 1 ? EventsPerSecond : null,
        Times = times,
        AwaySeconds = awaySeconds,
        Killed = killed,
        Inject = inject,
        Invariant = CaseList.Oracle + "; commits go on for users in memory, and what is owed is written afterwards",
    };
}
