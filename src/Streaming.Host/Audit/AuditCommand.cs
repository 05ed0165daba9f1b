using Streaming.Contracts;
using Streaming.Core.Snapshot;

namespace Streaming.Host.Audit;

/// <summary>
/// The command <c>audit</c>. For each partition: 1. the batch records and dead letters; 2. the reference fold over the log, batch by batch; 3. the stored rows against it, at the low-water
/// mark R; 4. the outputs against it. Then what crosses partitions: deltas and erase records of guests.
/// </summary>
/// <param name="source">Reads the topics; stays open.</param>
/// <param name="store">Holds the profiles; stays open.</param>
/// <param name="tables">Holds the item-vector tables.</param>
/// <param name="time">Clock of waiting and progress.</param>
public sealed class AuditCommand(IRecordSource source, ISnapshotStore store, IVectorTableSource tables, TimeProvider time)
{
    /// <summary>Audits. The caller has validated the options.</summary>
    /// <exception cref="Streaming.Core.Errors.EngineException">Broker or store do not answer, or a shard's row cannot be trusted.</exception>
    public async Task<AuditResult> RunAsync(AuditOptions options, IProgress<AuditProgress> progress, CancellationToken cancellation)
    {
        var findings = new AuditFindings(options.MaxDetails);
        var partitions = await source.PartitionCountAsync(options.Topics.Events, cancellation);
        if (await WhyNotAsync(options.Topics, partitions, cancellation) is { } reason) return findings.Result(reason);
        var run = new Run(options, findings, progress, time, time.GetTimestamp(), partitions);
        for (var p = 0; p < partitions; p++) await PartitionAsync(run, p, cancellation);
        await CheckAcrossAsync(run, cancellation);
        run.Report("done", partitions - 1);
        return findings.Result();
    }

    private async ValueTask<string?> WhyNotAsync(TopicNames topics, int partitions, CancellationToken cancellation)
    {
        if (partitions == 0) return $"topic {topics.Events} does not exist";
        foreach (var topic in (string[])[topics.Events, topics.Links, topics.Control, topics.Recommendations, topics.ChurnAlerts, topics.DeadLetters, topics.Sessions])
        {
            var count = await source.PartitionCountAsync(topic, cancellation);
            if (count != partitions) return $"topic {topic} has {count} partitions, {topics.Events} has {partitions}";
            for (var p = 0; p < partitions; p++)
            {
                var bounds = await source.BoundsAsync(topic, p, cancellation);
                if (bounds.LogStart > 0) return $"not auditable: {topic}-{p} begins at offset {bounds.LogStart}; what came before is gone";
            }
        }

        return null;
    }

    private async ValueTask PartitionAsync(Run run, int partition, CancellationToken cancellation)
    {
        var (options, findings) = (run.Options, run.Findings);
        await using var shard = await store.OpenShardAsync(partition, cancellation);
        var rows = new StoredRows(shard, findings, partition);
        var (control, mark) = await ReadQuietAsync(run, rows, partition, cancellation);
        var deadLetters = await DeadLetterIndex.ReadAsync(source, options.Topics, partition, findings, cancellation);
        var fold = new PartitionFold(options, partition, run.Partitions, deadLetters, tables, control.Tables, run.Expected, findings, run.OnEvent(partition));
        await WalkAsync(run, fold, rows, control.Batches, mark, partition, cancellation);
        deadLetters.CheckAllMet(findings, partition);
        findings.Users += fold.Shard.Profiles.Count;
        run.Report("outputs", partition);
        await new OutputChecks(source, options, fold, partition, findings).RunAsync(cancellation);
    }

    /// <summary>What <c>control</c> holds, once the store has caught up with it or the wait is over.</summary>
    private async ValueTask<(ControlLog Control, long Mark)> ReadQuietAsync(Run run, StoredRows rows, int partition, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var mark = await rows.ReadMarkAsync(cancellation);
            var trial = new AuditFindings(run.Options.MaxDetails);
            var control = await ControlLog.ReadAsync(source, run.Options.Topics.Control, partition, trial, cancellation);
            var isQuiet = control.Batches.Count == 0 || control.Batches[^1].Sequence <= mark;
            if (!isQuiet && time.GetElapsedTime(started) < run.Options.StoreWait)
            {
                await Task.Delay(run.Options.StorePoll, time, cancellation);
                continue;
            }

            run.Findings.Add(trial);
            return (control, mark);
        }
    }

    private async ValueTask WalkAsync(Run run, PartitionFold fold, StoredRows rows, List<ControlBatch> batches, long mark, int partition, CancellationToken cancellation)
    {
        var (topics, findings) = (run.Options.Topics, run.Findings);
        var eventsEnd = (await source.BoundsAsync(topics.Events, partition, cancellation)).StableEnd;
        var linksEnd = (await source.BoundsAsync(topics.Links, partition, cancellation)).StableEnd;
        await using var events = new RecordCursor(source.ReadAsync(topics.Events, partition, 0, eventsEnd, cancellation), cancellation);
        await using var links = new RecordCursor(source.ReadAsync(topics.Links, partition, 0, linksEnd, cancellation), cancellation);
        long beyond = 0;
        var isCompared = false;
        foreach (var batch in batches)
        {
            if (!isCompared && batch.Sequence > mark)
            {
                await CompareAsync(run, fold, rows, mark, partition, cancellation);
                isCompared = true;
            }

            var effects = await fold.ApplyAsync(batch, links, events, cancellation);
            if (!isCompared) continue;
            beyond += effects;
            rows.CompareAhead(fold.Shard, batch.Sequence);
        }

        if (!isCompared) await CompareAsync(run, fold, rows, mark, partition, cancellation);
        rows.CheckNoneLeft();
        if (beyond > 0) findings.Lost(beyond, $"{beyond} events of partition {partition} are beyond the store's low-water mark (batch {mark} of {batches[^1].Sequence}): the state does not hold them yet");
        await CountRestAsync(run, events, links, batches, partition);
    }

    private static async ValueTask CompareAsync(Run run, PartitionFold fold, StoredRows rows, long mark, int partition, CancellationToken cancellation)
    {
        run.Report("compare", partition);
        await rows.CompareAllAsync(fold.Shard, mark, cancellation);
    }

    /// <summary>Input that no batch consumed yet.</summary>
    private static async ValueTask CountRestAsync(Run run, RecordCursor events, RecordCursor links, List<ControlBatch> batches, int partition)
    {
        long unread = 0, unreadLinks = 0;
        while (await events.NextBelowAsync(long.MaxValue) is not null) unread++;
        while (await links.NextBelowAsync(long.MaxValue) is not null) unreadLinks++;
        run.Findings.Events += unread;
        var (topics, last) = (run.Options.Topics, batches.Count > 0 ? batches[^1] : null);
        if (unread > 0) run.Findings.Lost(unread, $"{unread} records of {topics.Events}-{partition} from offset {last?.EventsTo ?? 0} on are not consumed");
        if (unreadLinks > 0) run.Findings.Lost(unreadLinks, $"{unreadLinks} records of {topics.Links}-{partition} from offset {last?.LinksTo ?? 0} on are not consumed");
    }

    private async ValueTask CheckAcrossAsync(Run run, CancellationToken cancellation)
    {
        var met = new HashSet<string>(StringComparer.Ordinal);
        for (var p = 0; p < run.Partitions; p++) await LinkRecords.CheckAsync(source, run.Options.Topics.Links, p, run.Expected, met, run.Findings, cancellation);
        foreach (var (id, (partition, _)) in run.Expected.Links)
        {
            if (!met.Contains(id)) run.Findings.Lost(1, $"delta {id} for {run.Options.Topics.Links}-{partition}");
        }

        run.Expected.CheckErases(run.Findings);
    }

    private sealed record Run(AuditOptions Options, AuditFindings Findings, IProgress<AuditProgress> Progress, TimeProvider Time, long Started, int Partitions)
    {
        public Expected Expected { get; } = new();

        public void Report(string stage, int partition) =>
            Progress.Report(new AuditProgress(stage, partition, Partitions, Findings.Events, Time.GetElapsedTime(Started).TotalSeconds));

        public Action<long> OnEvent(int partition) => events =>
        {
            if (events % Options.ReportEvery == 0) Report("fold", partition);
        };
    }
}
