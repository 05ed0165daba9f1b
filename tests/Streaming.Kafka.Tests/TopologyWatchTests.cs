using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Streaming.Core.Errors;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Tests;

/// <summary>Topics that change under a running engine.</summary>
public sealed class TopologyWatchTests
{
    private readonly KafkaOptions _options = new() { BootstrapServers = "127.0.0.1:1", GroupId = "g", TransactionalIdPrefix = "x", Partitions = 2 };
    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<string, TopologyTopic> _now;
    private Exception? _failure;
    private int _looks;

    public TopologyWatchTests() => _now = TopicSpecs.All(_options, 2).ToDictionary(spec => spec.Name, spec => new TopologyTopic("", spec.Name, spec.Partitions, "id of " + spec.Name));

    [Fact]
    public async Task Same_topics_stand_in_no_way()
    {
        using var watch = Watch();
        Assert.Null(await watch.LookAsync());
        watch.ThrowIfChanged();
    }

    [Theory]
    [InlineData("events")]
    [InlineData("links")]
    [InlineData("control")]
    [InlineData("sessions")]
    public async Task Topic_made_anew_is_told_by_its_id_however_long_it_is(string topic)
    {
        using var watch = Watch();
        _now[topic] = _now[topic] with { Id = "another" };
        Assert.Contains($"'{topic}' was created anew", (await watch.LookAsync())!.Message);
        Assert.Contains("created anew", Assert.Throws<TopologyMismatchException>(watch.ThrowIfChanged).Message);
    }

    [Fact]
    public async Task More_partitions_are_told()
    {
        using var watch = Watch();
        _now["events"] = _now["events"] with { Partitions = 3 };
        Assert.IsType<TopologyMismatchException>(await watch.LookAsync());
        Assert.Contains("3 partitions", Assert.Throws<TopologyMismatchException>(watch.ThrowIfChanged).Message);
    }

    [Fact]
    public async Task Output_topic_made_anew_concerns_no_shard()
    {
        using var watch = Watch();
        _now["recommendations"] = _now["recommendations"] with { Id = "another" };
        Assert.Null(await watch.LookAsync());
    }

    // A broker that has just started may not know a topic yet.
    [Fact]
    public async Task Unknown_topic_and_a_broker_that_does_not_answer_pass()
    {
        using var watch = Watch();
        _now.Remove("links");
        Assert.Contains("'links' is unknown", Assert.IsType<BrokerUnavailableException>(await watch.LookAsync()).Message);
        watch.ThrowIfChanged();
        _failure = new BrokerUnavailableException("away");
        Assert.Same(_failure, await watch.LookAsync());
        _failure = new InvalidOperationException("odd");
        Assert.IsType<BrokerUnavailableException>(await watch.LookAsync());
        watch.ThrowIfChanged();
    }

    [Fact]
    public async Task Looks_come_by_themselves_and_a_change_that_is_undone_is_forgotten()
    {
        using var watch = Watch();
        var before = _now["control"];
        _now["control"] = before with { Id = "another" };
        _time.Advance(TimeSpan.FromMilliseconds(_options.TopologyCheckMs));
        for (var i = 0; Record.Exception(watch.ThrowIfChanged) is null; i++)
        {
            Assert.True(i < 1_000, "no look");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        _now["control"] = before;
        Assert.Null(await watch.LookAsync());
        watch.ThrowIfChanged();
        Assert.Equal(2, _looks);
    }

    private TopologyWatch Watch() => new(_options, new TopologyRecord { Topics = [.. TopicSpecs.All(_options, 2).Select(spec => _now[spec.Name] with { Role = spec.Role })] }.Sealed(), _time, NullLogger.Instance, names =>
    {
        Interlocked.Increment(ref _looks);
        return _failure is null ? Task.FromResult(names.Where(_now.ContainsKey).ToDictionary(name => name, name => _now[name])) : Task.FromException<Dictionary<string, TopologyTopic>>(_failure);
    });
}
