namespace Streaming.Faults.Cases;

/// <summary>Cases with several nodes of the engine.</summary>
internal static class NodeCases
{
    // Modest: what is measured is the cluster, not the fold.
    private const int EventsPerSecond = 40;

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        .. InBothStores("f1-failover-lowest-address", (name, store) => FailOver(name, store, FailOverVictim.LowestAddress, "the worker with the lowest address")),
        .. InBothStores("f2-failover-coordinator", (name, store) => FailOver(name, store, FailOverVictim.Coordinator, "the worker that runs the shards' coordinator (the oldest)")),
        .. InBothStores("f3-failover-youngest", (name, store) => FailOver(name, store, FailOverVictim.Youngest, "the worker that joined last")),
        .. InBothStores("f4-hand-over", (name, store) => new HandOverCase
        {
            Name = name, Covers = "A11 A16", Store = store, Times = 10, EventsPerSecond = EventsPerSecond, Inject = "of two workers and a witness one worker gets SIGTERM, in turn",
            Invariant = CaseList.Oracle + "; median pause of a partition's outputs at most 1 s",
        }),
        Crash("a11-hand-over-cluster", "A11", ["A11-hand-off-begun", "A11-flushed"], takesOver: false, "of two workers and a witness one worker gets SIGTERM and kills itself in the hand-off of its first or second partition, before or after it is flushed"),
        Crash("a12-take-over-cluster", "A12", ["A12-initialised", "A12-restored"], takesOver: true, "a second worker joins and kills itself in the take-over of its first or second partition, after it fenced the former owner or before its first batch"),
        .. InBothStores("a17-random-cluster", (name, store) => new RandomClusterKillCase
        {
            Name = name, Covers = "A17", Store = store, Kills = 30, EverySeconds = (10, 20), DownSeconds = (1, 5), EventsPerSecond = EventsPerSecond,
            Inject = "every 10 to 20 s a random one of two workers and a witness is killed, and started again 1 to 5 s later, whatever the cluster is at by then",
            Invariant = CaseList.Oracle + "; nobody commits what another took over; all partitions run again after the last kill",
        }),
        new NeighbourCase
        {
            Name = "r5-busy-neighbour", Covers = "R5", Times = 3, PerProcessor = 4, Seconds = 40, HasShortTimeouts = false, EventsPerSecond = EventsPerSecond, Inject = "four busy processes for each processor run beside two workers and a witness for 40 s",
            Invariant = CaseList.Oracle + "; nobody is taken for dead, no partition moves, outputs go on",
        },
    ];

    /// <summary>The case over files of one host, which is quick and knows locks, and over the store that nodes of several hosts share.</summary>
    internal static IEnumerable<FaultCase> InBothStores(string name, Func<string, StoreKind, FaultCase> make) => [make(name, StoreKind.Sqlite), make(name + "-cassandra", StoreKind.Cassandra)];

    private static ClusterCrashCase Crash(string name, string covers, IReadOnlyList<string> points, bool takesOver, string inject) => new()
    {
        Name = name,
        Covers = covers,
        Store = StoreKind.Cassandra,
        Points = points,
        TakesOver = takesOver,
        Kills = 10,
        EventsPerSecond = EventsPerSecond,
        Inject = inject,
        Invariant = CaseList.Oracle + "; the other worker, which was or will be the owner, has all partitions afterwards, and nobody commits what another took over",
    };

    private static FailOverCase FailOver(string name, StoreKind store, FailOverVictim victim, string who) => new()
    {
        Name = name,
        Covers = "A17",
        Store = store,
        Victim = victim,
        Kills = 10,
        EventsPerSecond = EventsPerSecond,
        Inject = $"of two workers and a witness {who} is killed",
        Invariant = CaseList.Oracle + "; median until the first output of its partitions at most 8 s",
    };
}
