using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Faults;

namespace Streaming.Integration.Tests;

/// <summary>The consumers of docs/samples against a real broker: each prints what was committed, once, and nothing that was taken back.</summary>
public sealed class SampleTests
{
    private static readonly string Samples = Path.Combine(FaultOptions.FindRoot(), "docs", "samples");
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly string _prefix = $"s{Guid.NewGuid():N}"[..10] + "-";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CSharp_sample_prints_what_was_committed() => await PrintsAsync("dotnet", ["run", Path.Combine(Samples, "consumer.cs"), "--"], Samples);

    [Fact]
    public async Task Python_sample_prints_what_was_committed()
    {
        var python = Environment.GetEnvironmentVariable("STREAMING_TEST_PYTHON") ?? "python3";
        if (await RunAsync(python, ["-c", "import confluent_kafka"], Samples) is not (0, _)) Assert.Skip($"{python} with confluent_kafka (STREAMING_TEST_PYTHON names another) is not at hand");
        await PrintsAsync(python, [Path.Combine(Samples, "consumer.py")], Samples);
    }

    [Fact]
    public async Task TypeScript_sample_prints_what_was_committed()
    {
        const string variable = "STREAMING_TEST_NODE_PROJECT";
        var project = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(project)) Assert.Skip($"{variable} (a folder in which `npm install @platformatic/kafka tsx` was run, its package.json of type module) is not set");
        File.Copy(Path.Combine(Samples, "consumer.ts"), Path.Combine(project!, "consumer.ts"), overwrite: true); // modules are looked for beside the file
        await PrintsAsync("npx", ["--no-install", "tsx", "consumer.ts"], project!);
    }

    private async Task PrintsAsync(string program, string[] arguments, string folder)
    {
        var servers = Environment.GetEnvironmentVariable("STREAMING_TEST_KAFKA");
        if (string.IsNullOrEmpty(servers)) Assert.Skip("STREAMING_TEST_KAFKA (host:port of a real Kafka broker) is not set");
        await WriteAsync(servers!);
        var (code, output) = await RunAsync(program, [.. arguments, "--servers", servers!, "--prefix", _prefix, "--group", _prefix + program, "--count", "4"], folder);
        Assert.True(code == 0, output);
        // Topics are read side by side: order holds within each.
        string[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(["r1 u1 home: a b", "r2 g7 home: c"], lines.Where(line => line.StartsWith('r')));
        Assert.Equal(["a1 u1 at risk 0.75: offer_discount", "a2 u2 at risk 0.50: hold-out, no action"], lines.Where(line => line.StartsWith('a')));
    }

    private async Task WriteAsync(string servers)
    {
        var (lists, alerts) = (_prefix + "recommendations", _prefix + "churn-alerts");
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build())
            await admin.CreateTopicsAsync([new TopicSpecification { Name = lists, NumPartitions = 1, ReplicationFactor = 1 }, new TopicSpecification { Name = alerts, NumPartitions = 1, ReplicationFactor = 1 }]);
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = servers, TransactionalId = _prefix }).Build();
        producer.InitTransactions(Limit);
        producer.BeginTransaction();
        Write(lists, """{"recommendationId":"r1","userId":"u1","surface":"home","items":[{"itemId":"a"},{"itemId":"b"}]}""");
        Write(alerts, """{"alertId":"a1","userId":"u1","risk":0.75,"suggestedAction":"offer_discount","treatment":true}""");
        producer.CommitTransaction(Limit);
        producer.BeginTransaction();
        Write(lists, """{"recommendationId":"r-aborted","userId":"u1","surface":"home","items":[{"itemId":"x"}]}""");
        Write(alerts, """{"alertId":"a-aborted","userId":"u1","risk":0.9,"suggestedAction":"offer_discount","treatment":true}""");
        producer.Flush(Limit);
        producer.AbortTransaction(Limit);
        producer.BeginTransaction();
        Write(lists, """{"recommendationId":"r2","anonymousId":"g7","surface":"home","items":[{"itemId":"c"}]}""");
        Write(alerts, """{"alertId":"a2","userId":"u2","risk":0.5,"suggestedAction":"offer_discount","treatment":false}""");
        producer.CommitTransaction(Limit);

        void Write(string topic, string record) => producer.Produce(topic, new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes(record) });
    }

    /// <summary>Exit code, and standard output (with standard error behind it where it failed); null where there is no such program.</summary>
    private static async Task<(int Code, string Output)?> TryRunAsync(string program, IEnumerable<string> arguments, string folder)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder } };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Limit);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, process.ExitCode == 0 ? await output : await output + await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, IEnumerable<string> arguments, string folder) =>
        await TryRunAsync(program, arguments, folder) ?? (-1, $"no program {program}");
}
