using Streaming.Host.Bench;
using Streaming.Host.Tests.Settings;
using Xunit;

namespace Streaming.Host.Tests.Bench;

/// <summary>A tiny run of a whole engine; no time is asserted.</summary>
public sealed class HttpBenchTests
{
    [Fact]
    public async Task Users_not_loaded_are_read_from_the_store_and_every_query_is_answered()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(5));
        var settings = SettingsTests.Load(("Consent", "granted"), ("Http:Port", "0"), ("Http:QueryTimeout", "1m"), ("Cluster:QueryTimeout", "1m"), ("Shard:PollWait", "1ms"));
        Assert.Empty(settings.Errors);
        var result = await new HttpBench(settings, new HttpBenchOptions { Requests = 5, Connections = 2, EventsPerUser = 3, WarmUps = 1, Rate = 50 }).RunAsync(patience.Token);
        Assert.Equal(6, result.Requests); // as many for each connection
        Assert.True(result.IsSound, result.ToString());
        Assert.True(result.AnswerBytes > 100, result.ToString());
        Assert.All((Percentiles[])[result.Empty, result.Loaded, result.NotLoaded], p => Assert.True(p.P50 > 0 && p.P50 <= p.P99, result.ToString()));
    }
}
