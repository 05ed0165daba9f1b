namespace Streaming.Faults.Cases;

/// <summary>Cases with several brokers, a broker that is long away, and a broker without room.</summary>
internal static class BrokerCases
{
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new LeaderChaseCase
        {
            Name = "k2-leader-chase", Covers = "K2", Kills = 5, ManagedMiB = 128, EventsPerSecond = 80, Inject = "of three brokers the one that leads most events partitions, or coordinates most transactions, in turn, is killed and started",
            Invariant = CaseList.Oracle + "; every shard goes on while the broker is away",
        },
        new BrokerDownCase
        {
            Name = "k4-broker-down", Covers = "K4", AwaySeconds = 180, ManagedMiB = 128, EventsPerSecond = 40, Inject = "the only broker is away for 3 min (30 min shortened) at the engine's start, and again in mid-run",
            Invariant = CaseList.Oracle + "; not ready, no crash, memory bounded, every shard back by itself",
        },
        new FullDiskCase
        {
            Name = "k15-full-disk", Covers = "K15", Times = 4, ManagedMiB = 128, EventsPerSecond = 80, Inject = "the broker's disk is filled to the last byte; room is made and the broker started",
            Invariant = CaseList.Oracle + "; not ready meanwhile, every shard back by itself",
        },
    ];
}
