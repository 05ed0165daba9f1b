using System.CommandLine;

namespace Streaming.Host.Cli;

/// <summary>What benchmarks with child processes share.</summary>
internal static class BenchChildren
{
    /// <summary><c>--port</c>.</summary>
    public static Option<int> Port(string about) => new("--port") { Description = about, HelpName = "N" };

    /// <summary>The settings of a command line as a child process takes them: <c>--config</c> and <c>--set</c> with their values.</summary>
    public static IReadOnlyList<string> Given(ParseResult parsed)
    {
        var sets = (parsed.GetValue<string[]>("--set") ?? []).SelectMany(s => (string[])["--set", s]);
        return parsed.GetValue<string?>("--config") is { } config ? ["--config", config, .. sets] : [.. sets];
    }
}
