using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Streaming.Kafka.Native;

namespace Streaming.Kafka.Tests;

public sealed class LogLimitTests
{
    [Fact]
    public void First_lines_of_a_facility_are_let_through_and_the_rest_are_counted()
    {
        var time = new FakeTimeProvider();
        var limit = new LogLimit(time);
        Assert.Equal(5, Enumerable.Range(0, 45).Count(_ => limit.Lets(LogLevel.Warning, "_TRANSPORT", out var none) && none == 0));
        Assert.True(limit.Lets(LogLevel.Error, "_TRANSPORT", out _));
        Assert.True(limit.Lets(LogLevel.Warning, "_ALL_BROKERS_DOWN", out _));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limit.Lets(LogLevel.Warning, "_TRANSPORT", out var leftOut));
        Assert.Equal(40, leftOut);
        Assert.True(limit.Lets(LogLevel.Warning, "_TRANSPORT", out leftOut));
        Assert.Equal(0, leftOut);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limit.Lets(LogLevel.Warning, "_TRANSPORT", out leftOut));
        Assert.Equal(0, leftOut);
    }
}
