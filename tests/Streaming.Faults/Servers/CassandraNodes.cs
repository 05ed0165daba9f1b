using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Streaming.Faults.Servers;

/// <summary>Nodes of one Cassandra cluster, started and stopped by the scripts.</summary>
/// <param name="scripts">Runs the scripts.</param>
/// <param name="folder">Data, logs and process ids.</param>
/// <param name="port">Port of all of them: each has an address of its own.</param>
/// <param name="count">How many.</param>
/// <param name="more">Further arguments of the start.</param>
internal sealed class CassandraNodes(ServerScripts scripts, string folder, int port, int count, IReadOnlyList<string> more)
{
    private const int MaxAttempts = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>How many.</summary>
    public int Count => count;

    /// <summary>host:port of each.</summary>
    public string Address => string.Join(',', Enumerable.Range(1, count).Select(node => string.Create(CultureInfo.InvariantCulture, $"{HostOf(node)}:{port}")));

    /// <summary>Starts those that do not run, and waits until each answers.</summary>
    public async Task UpAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await scripts.RunAsync("cassandra-up", cancellation, ["--dir", folder, "--port", port.ToString(CultureInfo.InvariantCulture), "--nodes", count.ToString(CultureInfo.InvariantCulture), .. more]);
                break;
            }
            catch (InvalidOperationException) when (attempt < MaxAttempts)
            {
                // On a busy machine a node may need longer than the script waits; what it started goes on, and the next call starts what is missing.
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            }
        }

        // The script does not wait for a node that it finds alive.
        var clock = Stopwatch.StartNew();
        for (var node = 1; node <= count; node++)
        {
            while (!await AnswersAsync(node, cancellation))
            {
                if (clock.Elapsed > Patience) throw new InvalidOperationException($"node {node} of the store does not answer");
                await Task.Delay(300, cancellation);
            }
        }
    }

    /// <summary>Stops them in order, or kills them; their data stay.</summary>
    public Task DownAsync(bool kill, CancellationToken cancellation) => scripts.RunAsync("cassandra-down", cancellation, kill ? [folder, "--keep", "--kill"] : [folder, "--keep"]);

    /// <summary>Kills one, from 1 on, as a crash does.</summary>
    public Task KillAsync(int node, CancellationToken cancellation) => scripts.RunAsync("cassandra-down", cancellation, folder, "--keep", "--kill", node.ToString(CultureInfo.InvariantCulture));

    /// <summary>Ends them and removes their data.</summary>
    public Task RemoveAsync(CancellationToken cancellation) => Directory.Exists(folder) ? scripts.RunAsync("cassandra-down", cancellation, folder, "--kill") : Task.CompletedTask;

    /// <summary>Waits until each of the others takes a node for up, or for down; false where the limit came first. What a node thinks of another is in its log alone.</summary>
    public async Task<bool> IsTakenForAsync(int node, bool up, TimeSpan limit, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(200, cancellation))
        {
            if (Enumerable.Range(1, count).Where(other => other != node).All(other => LastWord(other, node) == (up ? "UP" : "DOWN"))) return true;
            if (clock.Elapsed > limit) return false;
        }
    }

    /// <summary>What each of the others said last of a node.</summary>
    public string WordsOf(int node) => string.Join(", ", Enumerable.Range(1, count).Where(other => other != node).Select(other => $"node {other}: {LastWord(other, node) ?? "nothing"}"));

    private async Task<bool> AnswersAsync(int node, CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(HostOf(node), port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false; // it does not listen yet
        }
    }

    private static string HostOf(int node) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.{node}");

    private string? LastWord(int of, int on)
    {
        var about = $"/{HostOf(on)}:";
        using var log = new StreamReader(new FileStream(Path.Combine(folder, $"node-{of}", "log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string? last = null;
        while (log.ReadLine() is { } line)
        {
            if (!line.Contains(about, StringComparison.Ordinal)) continue;
            if (line.Contains("is now UP", StringComparison.Ordinal)) last = "UP";
            else if (line.Contains("is now DOWN", StringComparison.Ordinal)) last = "DOWN";
        }

        return last;
    }
}
