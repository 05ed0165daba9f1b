using System.CommandLine;

namespace Streaming.Host.Cli;

/// <summary>Options that mean the same everywhere.</summary>
internal static class CommonOptions
{
    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "One JSON object as the last line of standard output." };

    /// <summary><c>--seed</c>.</summary>
    public static Option<int> Seed() => new("--seed") { Description = "Seed of every random choice.", DefaultValueFactory = _ => 1 };
}
