using Streaming.Core.Errors;
using Streaming.Host.Settings;

namespace Streaming.Host.Cli;

/// <summary>Turns what a command could not do into words on standard error and an exit code.</summary>
internal static class CommandFailure
{
    /// <summary>Prints every settings error, one a line.</summary>
    /// <returns><see cref="ExitCode.Usage"/>.</returns>
    public static int Print(TextWriter to, IReadOnlyList<SettingsError> errors)
    {
        foreach (var error in errors) to.WriteLine(error);
        return ExitCode.Usage;
    }

    /// <summary>Runs a command's work; expected failures become a line and a code, everything else is a defect and keeps its stack.</summary>
    public static async Task<int> GuardAsync(TextWriter to, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (SettingsFileException e)
        {
            await to.WriteLineAsync(e.Message);
            return ExitCode.Usage;
        }
        catch (OperationCanceledException)
        {
            await to.WriteLineAsync("Interrupted.");
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is EngineException or IOException or UnauthorizedAccessException or HttpRequestException or TimeoutException)
        {
            await to.WriteLineAsync(Redaction.Text(e.Message));
            return ExitCode.Failed;
        }
    }
}
