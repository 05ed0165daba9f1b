namespace Streaming.Host.Bench;

/// <summary>
/// Starts of a node beside starts of the same program that does nothing, in turns: child processes of this program against a real broker, each with a fresh prefix of topics, group and store. A partition's
/// transactional id is new to the broker every time.
/// </summary>
public sealed class StartBench(StartBenchOptions options)
{
    private const int Partitions = 8;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs it.</summary>
    /// <exception cref="IOException">A child process failed; its last lines are in the message.</exception>
    public async Task<StartBenchResult> RunAsync(CancellationToken cancellation)
    {
        var (versions, starts, processor, firsts) = (new double[options.Runs], new double[options.Runs], new double[options.Runs], new double[options.Runs]);
        for (var run = -1; run < options.Runs; run++) // the first fills the file system's cache
        {
            var version = await ChildProgram.SecondsOfVersionAsync(cancellation);
            var first = await StartAsync(topicsThere: false, cancellation);
            var start = await StartAsync(topicsThere: true, cancellation);
            if (run >= 0) (versions[run], firsts[run], starts[run], processor[run]) = (version, first.Seconds, start.Seconds, start.ProcessorSeconds);
        }

        return new StartBenchResult(options.Runs, Percentiles.Of(starts).P50, Percentiles.Of(processor).P50, Percentiles.Of(firsts).P50, Percentiles.Of(versions).P50, ChildProgram.FolderBytes());
    }

    private async Task<(double Seconds, double ProcessorSeconds)> StartAsync(bool topicsThere, CancellationToken cancellation)
    {
        await using var topics = new BenchTopics(options.Kafka, Partitions);
        using var store = new TemporaryFolder("streaming-bench-start-");
        if (topicsThere) await topics.CreateAsync(cancellation);
        var port = ChildProgram.Ports(1, options.Port)[0];
        using var node = NodeProcess.Start(options.Given, [.. topics.Settings, $"Store:Location=sqlite:{store.Path}", "Consent:Default=granted"], port);
        while (!await node.IsReadyAsync(cancellation))
        {
            if (node.Age > Patience) throw new TimeoutException($"the node was not ready within {Patience}");
            await Task.Delay(Look, cancellation);
        }

        return (node.Age.TotalSeconds, node.ProcessorTime.TotalSeconds);
    }
}
