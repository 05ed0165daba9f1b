namespace Streaming.Faults.Programs;

/// <summary>Every proof that another program of this repository runs.</summary>
internal static class ProgramList
{
    // With audit comes the host that it is part of; the broker beneath the simulation's is the core tests' own.
    private static readonly string[] Simulated = ["src/Streaming.Contracts", "src/Streaming.Core", "src/Streaming.Host", "tests/Streaming.Simulation", "tests/Streaming.Core.Tests/Shard/StubShardBroker.cs"];

    public static IReadOnlyList<ProgramCase> All { get; } =
    [
        new SimSeedsCase { Name = "sim-seeds", About = "10,000 seeds of the simulation, every class of faults, in blocks that are not run twice", Covers = Simulated, Seeds = 10_000, Block = 500 },
        new SimDefectsCase { Name = "sim-defects", About = "each planted mistake, until the first of 500 seeds that finds it", Covers = Simulated, Seeds = 500 },
        new FuzzCase
        {
            Name = "fuzz-core", About = "1,000,000 damaged inputs of each reader of the core, and as many events", Project = "Streaming.Core.Tests", Inputs = 1_000_000,
            Covers = ["src/Streaming.Contracts", "src/Streaming.Core", "tests/Streaming.Core.Tests"],
        },
        new FuzzCase
        {
            Name = "fuzz-settings", About = "20,000 damaged settings files", Project = "Streaming.Host.Tests", Inputs = 20_000,
            Covers = ["src", "tests/Streaming.Host.Tests/Settings", "tests/Streaming.Host.Tests/Corpus", "tests/Streaming.Core.Tests/Fuzz.cs", "tests/Streaming.Core.Tests/FuzzRun.cs"],
        },
        new FigureCase
        {
            Name = "cost-poison", About = "every shape of poison, first, middle and last in a batch of nine", Project = "Streaming.Core.Tests", Class = "PoisonCostTests",
            // A whole second is promised for one poison record; the whole life of its shard is more than that.
            Bars = new Dictionary<string, double> { ["whole life of a shard whose batch holds the dearest poison record, ms"] = 1000 },
            Covers = ["src/Streaming.Contracts", "src/Streaming.Core", "tests/Streaming.Core.Tests/Shard", "tests/Streaming.Core.Tests/Decode"],
        },
    ];
}
