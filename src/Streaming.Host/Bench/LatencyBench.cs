using Streaming.Host.Settings;

namespace Streaming.Host.Bench;

/// <summary>
/// From the call that writes an event to the recommendation read with read_committed, over the whole engine and a real broker, beside a bare transactional echo over the same broker at the same rate with records of the same
/// size, in turns. The reader, the writer, the echo and the engine share one process, so that all have the same machine; the broker is another.
/// </summary>
internal sealed class LatencyBench(SettingsSnapshot settings, BenchTopics topics, LatencyBenchOptions options)
{
    /// <summary>Runs it.</summary>
    /// <param name="loggers">Log of the engine.</param>
    /// <param name="note">Told how far it is.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<LatencyBenchResult> RunAsync(ILoggerFactory loggers, Action<string> note, CancellationToken cancellation)
    {
        note("starting the engine");
        await using var engine = await BenchEngine.StartAsync(settings, loggers, cancellation);
        note($"filling the item index: {options.Items} items, {options.Sessions} sessions");
        await engine.FillAsync(options.Items, options.Sessions, options.Seed, cancellation);
        var (echoFrom, echoTo) = (await topics.AddAsync("echo-from", engine.Partitions), await topics.AddAsync("echo-to", engine.Partitions));
        await using var echo = new TransactionalEcho(engine.Kafka, topics.EchoGroup, echoFrom, echoTo, engine.Partitions);
        var (toEngine, toEcho) = (new LatencyRound(engine.Kafka, engine.Partitions, options), new LatencyRound(engine.Kafka, engine.Partitions, options));
        var (answers, echoes) = (new LatencyTally(), new LatencyTally());
        // A first round of each warms up, and tells the echo how large a recommendation is.
        using var times = new StageTimes();
        for (var round = 0; round <= options.Rounds; round++)
        {
            var (a, e) = round == 0 ? (new LatencyTally(), new LatencyTally()) : (answers, echoes);
            await toEngine.RunAsync(engine.Kafka.Topics.Events, engine.Kafka.Topics.Recommendations, a, cancellation);
            echo.ValueBytes = a.MeanBytes;
            await toEcho.RunAsync(echoFrom, echoTo, e, cancellation);
            echo.ThrowIfFailed();
            note(FormattableString.Invariant($"round {round} of {options.Rounds}: engine p50 {a.Ms().P50:0.0} p99 {a.Ms().P99:0.0} ms ({a.Unanswered} unanswered), echo p50 {e.Ms().P50:0.0} p99 {e.Ms().P99:0.0} ms"));
        }

        foreach (var line in times.Lines()) note(line);
        return new LatencyBenchResult(options.EventsPerSecond, answers.Events, answers.Unanswered, answers.Degraded, answers.Ms(), echoes.Ms(), echoes.Unanswered, answers.MeanBytes);
    }
}
