using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Net;

namespace Streaming.Faults.Servers;

/// <summary>Runs the scripts that start and stop real servers.</summary>
internal sealed class ServerScripts(FaultOptions options)
{
    /// <summary>Folder of the broker.</summary>
    public string KafkaFolder => Path.Combine(options.Work, "kafka");

    /// <summary>Folder of the Cassandra node.</summary>
    public string CassandraFolder => Path.Combine(options.Work, "cassandra");

    /// <summary>A Cassandra cluster of so many nodes: the single one that most cases use, or one of its own.</summary>
    public CassandraNodes CassandraOf(int nodes) => nodes == 1
        ? new(this, CassandraFolder, options.CassandraPort, 1, [])
        : new(this, string.Create(CultureInfo.InvariantCulture, $"{CassandraFolder}-{nodes}"), options.CassandraPort + 20, nodes, ["--heap", "640m"]);

    /// <summary>The broker that most cases use.</summary>
    public KafkaBrokers Kafka => new(this, KafkaFolder, options.KafkaPort, 1, ["--proxy-port", $"{options.ProxyPort}"]);

    /// <summary>Three brokers: three replicas, two of which must be in sync.</summary>
    public KafkaBrokers ThreeBrokers => new(this, Path.Combine(options.Work, "kafka-three"), options.KafkaPort + 100, 3, ["--heap", "320m"]);

    /// <summary>A broker whose data lie on a small disk of their own.</summary>
    public KafkaBrokers SmallBroker => new(this, SmallDisk.Folder, options.KafkaPort + 200, 1, ["--heap", "320m"]);

    /// <summary>Its disk.</summary>
    public SmallDisk SmallDisk => new(Path.Combine(options.Work, "kafka-small"));

    /// <summary>A broker that asks for a password over TLS too, at <see cref="SecureAddress"/>; its authority is <c>ca.pem</c> in its folder.</summary>
    /// <param name="password">Password of the user <c>admin</c>, in place of the script's.</param>
    public KafkaBrokers SecureBroker(string password) => new(this, Path.Combine(options.Work, "kafka-secure"), SecurePort, 1,
    [
        "--heap", "320m", "--secure",
        "--set", $"listener.name.secure.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_admin=\"{password}\";",
    ]);

    /// <summary>host:port of the listener that asks for a password.</summary>
    public string SecureAddress => $"127.0.0.1:{SecurePort + 2}";

    private int SecurePort => options.KafkaPort + 400;

    /// <summary>The network in which nodes of the engine can be cut off from each other.</summary>
    public NetworkSpace Network { get; } = new(options.KafkaPort % 256);

    /// <summary>A broker that listens in that network too, under <see cref="BridgedAddress"/>.</summary>
    public KafkaBrokers BridgedBroker
    {
        get
        {
            // The script knows no other address than the loopback's; of a setting that is given twice the broker takes the last.
            var own = $"PLAINTEXT://127.0.0.1:{BridgedPort}";
            return new(this, Path.Combine(options.Work, "kafka-net"), BridgedPort, 1,
            [
                "--heap", "320m", "--set", $"listeners={own},CONTROLLER://127.0.0.1:{BridgedPort + 1},BRIDGED://{BridgedAddress}",
                "--set", $"advertised.listeners={own},BRIDGED://{BridgedAddress}", "--set", "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,BRIDGED:PLAINTEXT",
            ]);
        }
    }

    /// <summary>host:port under which nodes in the network reach it, and this program too.</summary>
    public string BridgedAddress => $"{Network.Gateway}:{BridgedPort + 3}";

    private int BridgedPort => options.KafkaPort + 300;

    /// <summary>Starts the broker where it does not run.</summary>
    public Task KafkaUpAsync(CancellationToken cancellation) => Kafka.UpAsync(cancellation);

    /// <summary>Stops the broker in order, or kills it; its data stay.</summary>
    public Task KafkaDownAsync(bool kill, CancellationToken cancellation) => Kafka.DownAsync(kill, cancellation);

    /// <summary>Runs one of Kafka's own tools against the broker.</summary>
    public Task KafkaToolAsync(string tool, string[] arguments, CancellationToken cancellation) =>
        RunAsync("kafka-tool", cancellation, [tool, "--bootstrap-server", options.Kafka, .. arguments]);

    /// <summary>Folder of the broker's partitions.</summary>
    public string KafkaData => Path.Combine(KafkaFolder, "broker-1", "data");

    /// <summary>Starts the Cassandra node where it does not run.</summary>
    public Task CassandraUpAsync(CancellationToken cancellation) => CassandraOf(1).UpAsync(cancellation);

    /// <summary>Stops the Cassandra node in order, or kills it; its data stay.</summary>
    public Task CassandraDownAsync(bool kill, CancellationToken cancellation) => CassandraOf(1).DownAsync(kill, cancellation);

    /// <summary>Copies the data of the stopped Cassandra node.</summary>
    public Task SaveCassandraAsync(string copy, CancellationToken cancellation) => RunShellAsync(
        "rm -rf \"$2\" && mkdir -p \"$2\" && cd \"$1\" && cp -a data commitlog saved_caches hints \"$2\"", cancellation, Path.Combine(CassandraFolder, "node-1"), copy);

    /// <summary>Puts a copy in the place of the stopped Cassandra node's data.</summary>
    public Task RollCassandraBackAsync(string copy, CancellationToken cancellation) => RunShellAsync(
        "cd \"$1\" && rm -rf data commitlog saved_caches hints && cp -a \"$2\"/. .", cancellation, Path.Combine(CassandraFolder, "node-1"), copy);

    /// <summary>Ends both and removes their data.</summary>
    public async Task RemoveAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(KafkaFolder)) await RunAsync("kafka-down", cancellation, KafkaFolder);
        if (Directory.Exists(CassandraFolder)) await RunAsync("cassandra-down", cancellation, CassandraFolder);
    }

    /// <summary>Process id of the broker.</summary>
    public int KafkaProcess => Kafka.ProcessOf(1);

    private static async Task RunShellAsync(string command, CancellationToken cancellation, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash");
        foreach (var argument in (string[])["-c", command, "bash", .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new InvalidOperationException($"'{command}' ended with {process.ExitCode}");
    }

    /// <summary>Runs a script to its end.</summary>
    public async Task RunAsync(string script, CancellationToken cancellation, params string[] arguments)
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
