using Spectre.Console;

namespace Streaming.Host.Cli;

/// <summary>Where the tables of <c>evaluate</c> are written.</summary>
internal static class EvaluateConsole
{
    // A file or pipe has no width: a table that is cut for one that nobody measured cannot be read.
    private const int LeastWidth = 160;

    /// <summary>A console on a writer, wide enough for every table.</summary>
    public static IAnsiConsole On(TextWriter error)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        console.Profile.Width = Math.Max(console.Profile.Width, LeastWidth);
        return console;
    }
}
