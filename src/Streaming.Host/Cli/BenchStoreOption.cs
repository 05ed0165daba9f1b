using System.CommandLine;

namespace Streaming.Host.Cli;

/// <summary><c>--store</c> of benchmarks: a store of their own, which is gone afterwards.</summary>
internal static class BenchStoreOption
{
    /// <summary>The option.</summary>
    public static Option<string> Create() => new("--store")
    {
        Description = "Where a store of the run's own is made and deleted: sqlite (in the folder of temporary files), sqlite:DIR or cassandra:HOST:PORT.", HelpName = "STORE", DefaultValueFactory = _ => "sqlite",
    };
}
