using System.Diagnostics;

namespace Streaming.Faults.Servers;

/// <summary>Runs the scripts that start and stop real servers.</summary>
internal sealed class ServerScripts(FaultOptions options)
{
    private const int StartAttempts = 4;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(5);

    /// <summary>Folder of the broker.</summary>
    public string KafkaFolder => Path.Combine(options.Work, "kafka");

    /// <summary>Folder of the Cassandra node.</summary>
    public string CassandraFolder => Path.Combine(options.Work, "cassandra");

    /// <summary>Starts the broker where it does not run. The script waits for it a limited time; on a busy machine a later try finds it running.</summary>
    public async Task KafkaUpAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RunAsync("kafka-up", cancellation, "--dir", KafkaFolder, "--port", $"{options.KafkaPort}", "--proxy-port", $"{options.ProxyPort}");
                return;
            }
            catch (InvalidOperationException) when (attempt < StartAttempts)
            {
                await Task.Delay(BetweenAttempts, cancellation);
            }
        }
    }

    /// <summary>Stops the broker in order, or kills it; its data stay.</summary>
    public Task KafkaDownAsync(bool kill, CancellationToken cancellation) => RunAsync("kafka-down", cancellation, kill ? [KafkaFolder, "--keep", "--kill"] : [KafkaFolder, "--keep"]);

    /// <summary>Starts the Cassandra node where it does not run.</summary>
    public Task CassandraUpAsync(CancellationToken cancellation) => RunAsync("cassandra-up", cancellation, "--dir", CassandraFolder, "--port", $"{options.CassandraPort}");

    /// <summary>Stops the Cassandra node in order, or kills it; its data stay.</summary>
    public Task CassandraDownAsync(bool kill, CancellationToken cancellation) => RunAsync("cassandra-down", cancellation, kill ? [CassandraFolder, "--keep", "--kill"] : [CassandraFolder, "--keep"]);

    /// <summary>Ends both and removes their data.</summary>
    public async Task RemoveAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(KafkaFolder)) await RunAsync("kafka-down", cancellation, KafkaFolder);
        if (Directory.Exists(CassandraFolder)) await RunAsync("cassandra-down", cancellation, CassandraFolder);
    }

    /// <summary>Process id of the broker.</summary>
    public int KafkaProcess => int.Parse(File.ReadAllText(Path.Combine(KafkaFolder, "broker-1", "pid")), System.Globalization.CultureInfo.InvariantCulture);

    private async Task RunAsync(string script, CancellationToken cancellation, params string[] arguments)
    {
        // Not through pipes: the server, which lives on, would hold them open.
        var log = Path.Combine(options.Work, script + ".log");
        var start = new ProcessStartInfo("bash") { WorkingDirectory = options.Work };
        foreach (var argument in (string[])["-c", "exec \"$0\" \"${@:2}\" >>\"$1\" 2>&1 </dev/null", Path.Combine(options.Servers, script), log, .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{script} ended with {process.ExitCode}: see {log}");
    }
}
