using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Streaming.Host.Bench;

/// <summary>This same program as a child process.</summary>
internal static class ChildProgram
{
    private const string Name = "streaming", Runtime = "dotnet";

    /// <summary>Folder that it runs from.</summary>
    public static string Folder => AppContext.BaseDirectory;

    /// <summary>Bytes of all files in that folder.</summary>
    public static long FolderBytes() => new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);

    /// <summary>Runs it with these arguments, started as this process was: by its own name, or by <c>dotnet</c>. Both outputs are to be read.</summary>
    public static ProcessStartInfo With(IEnumerable<string> arguments)
    {
        var own = Environment.ProcessPath ?? Runtime;
        var name = Path.GetFileNameWithoutExtension(own);
        // Another program that holds this one as a library (a test's) starts it by its assembly.
        var start = new ProcessStartInfo(name is Name or Runtime ? own : Runtime) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (name != Name) start.ArgumentList.Add(Path.Combine(Folder, Name + ".dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>Time from exec to the end of a command that does nothing: what a start costs at least.</summary>
    /// <exception cref="IOException">It could not be run, or failed.</exception>
    public static async Task<double> SecondsOfVersionAsync(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(With(["--version"])) ?? throw new IOException("the program could not be started");
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return process.ExitCode == 0 ? seconds : throw new IOException($"--version ended with {process.ExitCode}: {await error}");
    }

    /// <summary>Ports that nothing listens on now.</summary>
    /// <param name="count">How many.</param>
    /// <param name="first">The first of a row of ports to take; 0: any free ones.</param>
    public static int[] Ports(int count, int first)
    {
        if (first > 0) return [.. Enumerable.Range(first, count)];
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
