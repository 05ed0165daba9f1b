using System.Diagnostics;
using System.Globalization;

namespace Streaming.Faults.Resources;

/// <summary>The open files of a process, by number: those that it would keep if all connections to one port were lost, and those connections.</summary>
/// <param name="Kept">Numbers of the files, and of the sockets to elsewhere.</param>
/// <param name="Connections">Numbers of the sockets to that port.</param>
internal sealed record OpenFiles(IReadOnlySet<int> Kept, IReadOnlySet<int> Connections)
{
    /// <summary>Looks at a process.</summary>
    public static OpenFiles Of(int process, int port)
    {
        var sockets = new[] { "tcp", "tcp6" }.SelectMany(family => File.ReadLines($"/proc/{process}/net/{family}").Skip(1)).Where(line => RemotePort(line) == port).Select(Inode).ToHashSet();
        var (kept, connections) = (new HashSet<int>(), new HashSet<int>());
        foreach (var file in new DirectoryInfo($"/proc/{process}/fd").EnumerateFileSystemInfos())
            (file.LinkTarget is { } target && sockets.Contains(target) ? connections : kept).Add(int.Parse(file.Name, CultureInfo.InvariantCulture));
        return new OpenFiles(kept, connections);
    }

    /// <summary>
    /// The limit under which no more than so many can be opened beside those that are kept: the kernel gives the lowest free number and refuses where that is not below the limit. What is open beyond it stays open.
    /// </summary>
    public int LimitFor(int more)
    {
        var limit = 0;
        for (var free = 0; free < more; limit++) free += Kept.Contains(limit) ? 0 : 1;
        return limit;
    }

    /// <summary>Sets the limit that a process feels; the one up to which it may be raised stays.</summary>
    public static async Task LimitAsync(int process, string limit, CancellationToken cancellation)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", process.ToString(CultureInfo.InvariantCulture), $"--nofile={limit}:"]);
        await prlimit.WaitForExitAsync(cancellation);
        if (prlimit.ExitCode != 0) throw new InvalidOperationException($"prlimit ended with {prlimit.ExitCode}");
    }

    /// <summary>The limit that a process feels.</summary>
    public static string LimitOf(int process) =>
        File.ReadLines($"/proc/{process}/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];

    // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode; the addresses are hexadecimal, with the port last.
    private static int RemotePort(string line) => int.Parse(Parts(line)[2].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Inode(string line) => $"socket:[{Parts(line)[9]}]";

    private static string[] Parts(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
