using System.ComponentModel;
using System.Diagnostics;

namespace Streaming.Faults.Servers;

/// <summary>Runs a program of the operating system.</summary>
internal static class SystemCommand
{
    /// <summary>To its end; -1 where it cannot be started.</summary>
    public static (int Code, string Error) Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            output.Wait();
            process.WaitForExit();
            return (process.ExitCode, error);
        }
        catch (Win32Exception e)
        {
            return (-1, e.Message);
        }
    }
}
