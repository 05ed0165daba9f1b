using System.Diagnostics.Metrics;
using System.Text;
using Prometheus;
using Streaming.Host.Metering;
using Xunit;

namespace Streaming.Host.Tests.Metering;

public sealed class MeterBridgeTests : IDisposable
{
    private readonly Meter _meter = new("bridge-test-" + Guid.NewGuid());
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly MeterBridge _bridge;

    public MeterBridgeTests() => _bridge = new MeterBridge(_meter.Name, _registry);

    public void Dispose()
    {
        _bridge.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task Counter_with_tags_is_a_counter_with_labels()
    {
        var counter = _meter.CreateCounter<long>("events_total", null, "Events.");
        counter.Add(2, new KeyValuePair<string, object?>("topic", "events"));
        counter.Add(3, new KeyValuePair<string, object?>("topic", "events"));
        var text = await TextAsync();
        Assert.Contains("# TYPE events_total counter", text);
        Assert.Contains("events_total{topic=\"events\"} 5", text);
    }

    [Fact]
    public async Task Histogram_in_seconds_has_buckets_from_a_millisecond_to_a_minute()
    {
        _meter.CreateHistogram<double>("commit_seconds").Record(0.02);
        var text = await TextAsync();
        Assert.Contains("commit_seconds_bucket{le=\"0.01\"} 0", text);
        Assert.Contains("commit_seconds_bucket{le=\"0.025\"} 1", text);
        Assert.Contains("commit_seconds_bucket{le=\"60\"} 1", text);
    }

    [Fact]
    public async Task UpDownCounter_is_a_gauge()
    {
        var open = _meter.CreateUpDownCounter<int>("open_queries");
        open.Add(3);
        open.Add(-1);
        Assert.Contains("\nopen_queries 2\n", await TextAsync());
    }

    [Fact]
    public async Task Observable_gauge_no_longer_reported_disappears()
    {
        var partitions = new List<int> { 1, 2 };
        _meter.CreateObservableGauge("lag_events", () => partitions.Select(p => new Measurement<long>(p * 10, new KeyValuePair<string, object?>("partition", p))));
        Assert.Contains("lag_events{partition=\"2\"} 20", await TextAsync());
        partitions.Remove(2);
        var text = await TextAsync();
        Assert.Contains("lag_events{partition=\"1\"} 10", text);
        Assert.DoesNotContain("partition=\"2\"", text);
    }

    [Fact]
    public async Task Instrument_of_another_meter_is_not_published()
    {
        using var other = new Meter("other");
        other.CreateCounter<int>("foreign_total").Add(1);
        Assert.DoesNotContain("foreign_total", await TextAsync());
    }

    private async Task<string> TextAsync()
    {
        using var buffer = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
