using System.Globalization;

namespace Streaming.Faults.Servers;

/// <summary>Brokers of one Kafka cluster, started and stopped by the scripts.</summary>
/// <param name="scripts">Runs the scripts.</param>
/// <param name="folder">Data, logs and process ids.</param>
/// <param name="port">Port of the first; each further one listens ten above.</param>
/// <param name="count">How many.</param>
/// <param name="more">Further arguments of the start.</param>
internal sealed class KafkaBrokers(ServerScripts scripts, string folder, int port, int count, IReadOnlyList<string> more)
{
    private const int PortStep = 10, MaxAttempts = 4;

    /// <summary>How many.</summary>
    public int Count => count;

    /// <summary>host:port of each.</summary>
    public string Address => string.Join(',', Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port + (i * PortStep)}")));

    /// <summary>Where the data and logs lie.</summary>
    public string Folder => folder;

    /// <summary>Starts those that do not run, and waits until they answer.</summary>
    public async Task UpAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await scripts.RunAsync("kafka-up", cancellation, ["--dir", folder, "--port", port.ToString(CultureInfo.InvariantCulture), "--brokers", count.ToString(CultureInfo.InvariantCulture), .. more]);
                return;
            }
            catch (InvalidOperationException) when (attempt < MaxAttempts)
            {
                // On a busy machine a broker may need longer than the script waits; what it started goes on, and the next call waits for that.
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            }
        }
    }

    /// <summary>Stops them in order, or kills them; their data stay.</summary>
    public Task DownAsync(bool kill, CancellationToken cancellation) => scripts.RunAsync("kafka-down", cancellation, kill ? [folder, "--keep", "--kill"] : [folder, "--keep"]);

    /// <summary>Kills one as a crash does.</summary>
    public Task KillAsync(int broker, CancellationToken cancellation) => scripts.RunAsync("kafka-down", cancellation, folder, "--keep", "--kill", broker.ToString(CultureInfo.InvariantCulture));

    /// <summary>Ends them and removes their data.</summary>
    public Task RemoveAsync(CancellationToken cancellation) => Directory.Exists(folder) ? scripts.RunAsync("kafka-down", cancellation, folder, "--kill") : Task.CompletedTask;

    /// <summary>Process id of one, from 1 on.</summary>
    public int ProcessOf(int broker) => int.Parse(File.ReadAllText(Path.Combine(folder, $"broker-{broker}", "pid")), CultureInfo.InvariantCulture);
}
