using System.Diagnostics.Metrics;

namespace Streaming.Core.Snapshot;

/// <summary>What every durable store reports about itself; the tag <c>store</c> is <c>sqlite</c> or <c>cassandra</c>.</summary>
public sealed class StoreMeter(string store)
{
    private static readonly Counter<long> RowsWritten =
        EngineMeter.Meter.CreateCounter<long>("streaming_store_rows_written_total", null, "User rows handed to the store and acknowledged.");
    private static readonly Counter<long> BytesWritten =
        EngineMeter.Meter.CreateCounter<long>("streaming_store_bytes_written_total", null, "Bytes of the acknowledged user rows.");
    private static readonly Counter<long> RowsRead =
        EngineMeter.Meter.CreateCounter<long>("streaming_store_rows_read_total", null, "User rows asked for in bulk reads.");
    private static readonly Counter<long> Retries =
        EngineMeter.Meter.CreateCounter<long>("streaming_store_retries_total", null, "Requests to the store that were sent again.");
    private static readonly Counter<long> Failures =
        EngineMeter.Meter.CreateCounter<long>("streaming_store_failures_total", null, "Calls of the store that ended in an error.");
    private static readonly Histogram<double> WriteSeconds =
        EngineMeter.Meter.CreateHistogram<double>("streaming_store_write_seconds", null, "Time from a flush handed over to all of it durable.");
    private static readonly Histogram<double> ReadSeconds =
        EngineMeter.Meter.CreateHistogram<double>("streaming_store_read_seconds", null, "Time of one bulk read.");

    private readonly KeyValuePair<string, object?> _tag = new("store", store);

    /// <summary>A flush became durable.</summary>
    public void Written(int rows, long bytes, TimeSpan elapsed)
    {
        RowsWritten.Add(rows, _tag);
        BytesWritten.Add(bytes, _tag);
        WriteSeconds.Record(elapsed.TotalSeconds, _tag);
    }

    /// <summary>A bulk read was answered.</summary>
    public void Read(int rows, TimeSpan elapsed)
    {
        RowsRead.Add(rows, _tag);
        ReadSeconds.Record(elapsed.TotalSeconds, _tag);
    }

    /// <summary>A request was sent again after a passing error.</summary>
    public void Retried() => Retries.Add(1, _tag);

    /// <summary>A call ended in an error.</summary>
    public void Failed() => Failures.Add(1, _tag);
}
