using System.ComponentModel;
using System.Diagnostics;

namespace Streaming.Faults.Net;

/// <summary>Runs <c>ip</c>, which makes and removes what the kernel keeps of networks.</summary>
internal static class IpCommand
{
    /// <summary>The program.</summary>
    public const string Program = "ip";

    private const int Missing = -1;

    /// <summary>Runs it and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(params string[] arguments)
    {
        var (code, output, error) = Try(arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{Program} {string.Join(' ', arguments)}: {error.Trim()}");
    }

    /// <summary>The same without an exception; the code is -1 where the program is not there.</summary>
    public static (int Code, string Output, string Error) Try(params string[] arguments)
    {
        try
        {
            // Both are a few lines at most, so that neither pipe fills up while the other is read.
            using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEnd();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error);
        }
        catch (Win32Exception e)
        {
            return (Missing, "", e.Message);
        }
    }
}
