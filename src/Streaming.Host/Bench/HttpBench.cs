using System.Globalization;
using System.Runtime.ExceptionServices;
using Streaming.Host.Demo;
using Streaming.Host.Engine;
using Streaming.Host.Settings;
using Streaming.Kafka;
using Streaming.Pipeline.Shards;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Bench;

/// <summary>
/// A query of one user over HTTP, beside Kestrel's empty answer to the same client: 1 an engine in this process (in-process Kafka, SQLite in a temporary folder) folds the users' events and drains, 2 another one
/// over the same broker and store starts with nobody in memory, 3 each user is asked for twice: first the row comes from the store, then the profile is there. What the engine answers is what it would recommend now
/// (<c>/recommendations/ID</c>): recall, score and rerank by the shard with its next batch.
/// </summary>
internal sealed class HttpBench(SettingsSnapshot settings, HttpBenchOptions options)
{
    private const int EventsAtOnce = 4_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Id of a user by number.</summary>
    public static string UserId(int number) => "u" + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Runs it.</summary>
    public async Task<HttpBenchResult> RunAsync(CancellationToken cancellation)
    {
        using var loggers = Logging.To(Console.Error.WriteLine, LogLevel.Error);
        using var parts = new DemoParts(settings, loggers);
        await using var writer = new KafkaEventWriter(parts.Engine.Kafka, loggers.CreateLogger<KafkaEventWriter>());
        var history = new UserHistory(writer, parts.Engine.Kafka.Topics, DemoParts.TopicPartitions, TimeProvider.System);
        await using (var first = new EngineHost(parts.Engine)) await FoldAsync(first, history, cancellation); // 1
        await using var host = new EngineHost(parts.Engine with { Store = new SqliteSnapshotStore(settings.Get<SqliteOptions>() with { Folder = parts.Engine.LocalFolder }) });
        await host.StartAsync(null, cancellation); // 2
        await AwaitShardsAsync(host, _ => true, cancellation);
        await using var empty = await EmptyServer.StartAsync(cancellation);
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var traffic = TrafficAsync(history, rest.Token);
        try
        {
            return await Task.Run(() => Measure(host.Address, empty.Address, cancellation), cancellation); // 3
        }
        finally
        {
            await rest.CancelAsync();
            await traffic;
        }
    }

    private async Task FoldAsync(EngineHost host, UserHistory history, CancellationToken cancellation)
    {
        await history.WriteItemsAsync(cancellation);
        await host.StartAsync(null, cancellation);
        await AwaitShardsAsync(host, _ => true, cancellation);
        var users = options.Requests + (options.Connections * (options.WarmUps + 1));
        for (var u = 0; u < users; u++)
        {
            for (var i = 0; i < options.EventsPerUser; i++) history.Write(UserId(u));
            // The in-process broker keeps only so many bytes.
            if (history.Written / EventsAtOnce == (history.Written - options.EventsPerUser) / EventsAtOnce && u < users - 1) continue;
            await history.FlushAsync(cancellation);
            await AwaitShardsAsync(host, committed => committed >= history.Written, cancellation);
        }
    }

    private static async Task AwaitShardsAsync(EngineHost host, Func<long, bool> holds, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Look);
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new TimeoutException($"the shards did not fold what was written within {Patience}");
            var shards = host.Status().Shards;
            if (shards.Count(s => s.Status.Phase == ShardPhases.Running) == DemoParts.TopicPartitions && holds(shards.Sum(s => Math.Max(0, s.Status.Committed.Events)))) return;
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    // Of users that nobody asks for.
    private async Task TrafficAsync(UserHistory history, CancellationToken cancellation)
    {
        if (options.Rate == 0) return;
        var (began, before) = (TimeProvider.System.GetTimestamp(), history.Written);
        using var timer = new PeriodicTimer(Look);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                while (history.Written - before < TimeProvider.System.GetElapsedTime(began).TotalSeconds * options.Rate) history.Write("t" + (history.Written % 1_000).ToString(CultureInfo.InvariantCulture));
                await history.FlushAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // the queries are done
        }
    }

    private HttpBenchResult Measure(Uri engine, Uri empty, CancellationToken cancellation)
    {
        // As many for each, since all go from kind to kind together.
        var share = (options.Requests + options.Connections - 1) / options.Connections;
        var callers = Enumerable.Range(0, options.Connections).Select(c => new HttpCaller(engine, empty, c * (options.WarmUps + share), options.WarmUps, share)).ToArray();
        using var rowsRead = new StageTimes();
        var before = 0L;
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        RunTogether(callers, () => Interlocked.CompareExchange(ref before, (long)rowsRead.Of("streaming_users_loaded_total").Sum, 0), failed);
        return new HttpBenchResult(share * options.Connections, options.Connections, options.Rate, Of(c => c.Empty), Of(c => c.Loaded), Of(c => c.NotLoaded), (long)rowsRead.Of("streaming_users_loaded_total").Sum - before, callers.Sum(c => c.Failed),
            (double)callers.Sum(c => c.Bytes) / Math.Max(1, callers.Sum(c => c.Loaded.Count + c.NotLoaded.Count)));

        Percentiles Of(Func<HttpCaller, List<double>> times) => Percentiles.Of([.. callers.SelectMany(times)]);
    }

    // A thread a connection. The first that fails ends the others, which would wait for it.
    private static void RunTogether(HttpCaller[] callers, Action measured, CancellationTokenSource failed)
    {
        using var together = new Barrier(callers.Length);
        Exception? first = null;
        Task.WaitAll(callers.Select(caller => Task.Factory.StartNew(() =>
        {
            try
            {
                caller.Run(together, measured, failed.Token);
            }
#pragma warning disable CA1031 // Thrown again once all have ended.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref first, e, null);
                failed.Cancel();
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray(), CancellationToken.None);
        if (first is not null) ExceptionDispatchInfo.Throw(first);
    }
}
