using System.CommandLine;

namespace Streaming.Host.Cli;

/// <summary>The program's command line.</summary>
internal static class StreamingCommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">Arguments without the program's name.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Progress, logs, tables and errors.</param>
    /// <param name="cancellation">Asks the command to end in order.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var root = Root();
        var parsed = root.Parse(SettingsArguments.Rewrite(arguments));
        // Signals are the commands' own business (drain on the first, force on the second): no timeout of the library's.
        var invocation = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (parsed.Errors.Count > 0 && parsed.Action is not ExampleHelp)
        {
            foreach (var problem in parsed.Errors) await error.WriteLineAsync(problem.Message);
            await error.WriteLineAsync($"See: {Path(parsed)} --help");
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(invocation, cancellation);
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Real-time personalisation and retention: Kafka events in, recommendations and churn alerts out.")
        {
            DemoCommand.Create(),
            RunCommand.Create(),
            ReplayCli.Create(),
            AuditCli.Create(),
            InspectCommand.Create(),
            TrainCli.Create(),
            EvaluateCli.Create(),
            BenchCli.Create(),
            ConfigCommand.Create(),
            ApiKeyCommand.Create(),
        };
        ExampleHelp.Attach(root);
        return root;
    }

    /// <summary>Every command with its parents' names before it, e.g. <c>config check</c>.</summary>
    internal static IReadOnlyList<string> Commands() => [.. Below(Root(), "")];

    private static IEnumerable<string> Below(Command command, string path) => command.Subcommands
        .SelectMany(c => Below(c, $"{path}{c.Name} ").Prepend(path + c.Name));

    private static string Path(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult) names.Push(at.Command is RootCommand ? "streaming" : at.Command.Name);
        return string.Join(' ', names);
    }
}
