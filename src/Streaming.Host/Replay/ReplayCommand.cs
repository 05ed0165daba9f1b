using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Host.Audit;

namespace Streaming.Host.Replay;

/// <summary>
/// The command <c>replay</c>: real history into <c>events</c> and <c>catalog</c>. In this order: 1. the catalogue, acknowledged; 2. the <c>historical</c> request to every
/// partition of <c>control</c>, acknowledged; 3. the events in file order, acknowledged.
/// </summary>
/// <param name="sink">Where to write; stays open.</param>
/// <param name="source">Reads <c>control</c>; stays open.</param>
/// <param name="time">Clock of pacing and waiting.</param>
public sealed class ReplayCommand(IEventSink sink, IRecordSource source, TimeProvider time)
{
    /// <summary>What <c>-</c> stands for; null: the process's standard input.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>Replays. The caller has validated the options.</summary>
    /// <exception cref="IOException">The input cannot be read.</exception>
    /// <exception cref="InvalidDataException">The input's compression is broken.</exception>
    /// <exception cref="HistoryFormatException">The input is not of the form asked for.</exception>
    /// <exception cref="Streaming.Core.Errors.EngineException">The broker refused or lost a record.</exception>
    public async Task<ReplayResult> RunAsync(ReplayOptions options, IProgress<ReplayProgress> progress, CancellationToken cancellation)
    {
        var run = new Run(options, progress, time, time.GetTimestamp());
        var hasCatalog = options.Format is HistoryFormat.OnlineRetail or HistoryFormat.Taobao;
        using var input = HistoryInput.Open(options.Input, hasCatalog ? 2 : 1, StandardInput);
        var items = hasCatalog ? await WriteCatalogAsync(input, run, cancellation) : 0;
        var request = new HistoricalRequest(sink, source, options, time);
        run.Report("request", null, null);
        var silent = await request.SendAsync(cancellation);
        if (silent is { Count: > 0 }) run.Report("request", null, $"no acknowledgement from the engine on partitions {string.Join(',', silent)} of {options.Topics.Control}; it reads the request before these events all the same");
        await WriteEventsAsync(input, run, cancellation);
        run.Report("done", 1, null);
        return new ReplayResult
        {
            Events = run.Events,
            Rejected = run.Rejected,
            Seconds = run.Seconds,
            CatalogItems = items,
            Rejections = run.Rejections,
            RequestId = request.RequestId,
            Acknowledged = silent is { Count: 0 },
        };
    }

    private async ValueTask<long> WriteCatalogAsync(HistoryInput input, Run run, CancellationToken cancellation)
    {
        var builder = new CatalogBuilder(run.Options.MaxCatalogItems);
        long rows = 0;
        foreach (var record in Records(input, run.Options, _ => { }))
        {
            cancellation.ThrowIfCancellationRequested();
            builder.Add(record);
            if (++rows % run.Options.ReportEvery == 0) run.Report("catalogue", Fraction(input), null);
        }

        long items = 0;
        foreach (var item in builder.Items())
        {
            var value = JsonSerializer.SerializeToUtf8Bytes(item, ContractsJson.Default.CatalogItem);
            await sink.WriteAsync(run.Options.Topics.Catalog, -1, Encoding.UTF8.GetBytes(item.ItemId), value, cancellation);
            items++;
        }

        await sink.FlushAsync(cancellation);
        return items;
    }

    private async ValueTask WriteEventsAsync(HistoryInput input, Run run, CancellationToken cancellation)
    {
        using var json = new EventJsonWriter();
        var pacer = new ReplayPacer(run.Options.Speed, time);
        foreach (var record in Records(input, run.Options, run.Reject))
        {
            cancellation.ThrowIfCancellationRequested();
            if (await pacer.WaitAsync(record.TimeMs, cancellation)) run.Report("events", Fraction(input), null);
            var key = record.Key is { } text ? Encoding.UTF8.GetBytes(text) : [];
            await sink.WriteAsync(run.Options.Topics.Events, -1, key, json.Write(record), cancellation);
            if (++run.Events % run.Options.ReportEvery == 0) run.Report("events", Fraction(input), null);
        }

        await sink.FlushAsync(cancellation);
    }

    /// <summary>The rows of one pass, up to the limit (rejected rows count as read).</summary>
    private static IEnumerable<HistoryRecord> Records(HistoryInput input, ReplayOptions options, Action<RejectedRow> rejected)
    {
        var limit = options.Limit ?? long.MaxValue;
        if (limit == 0) yield break;
        using var content = input.OpenPass();
        foreach (var record in HistoryReader.Read(options.Format, content, rejected, options.Reader))
        {
            if (record.RowNumber > limit) yield break;
            yield return record;
            if (record.RowNumber == limit) yield break;
        }
    }

    private static double? Fraction(HistoryInput input) => input.Length is > 0 and var length ? (double)input.Position / length : null;

    private sealed class Run(ReplayOptions options, IProgress<ReplayProgress> progress, TimeProvider time, long started)
    {
        private readonly List<RejectedRow> _rejections = [];

        public ReplayOptions Options => options;
        public long Events { get; set; }
        public long Rejected { get; private set; }
        public IReadOnlyList<RejectedRow> Rejections => _rejections;
        public double Seconds => time.GetElapsedTime(started).TotalSeconds;

        public void Report(string stage, double? fraction, string? notice) => progress.Report(new(stage, Events, Rejected, Seconds, fraction, notice));

        public void Reject(RejectedRow row)
        {
            Rejected++;
            if (_rejections.Count >= options.MaxRejectionsKept) return;
            _rejections.Add(row);
            Report("events", null, row.ToString());
        }
    }
}
