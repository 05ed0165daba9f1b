using Streaming.Host.Bench;
using Streaming.Host.Cli;
using Streaming.Host.Tests.Cli;
using Streaming.Kafka;
using Xunit;

namespace Streaming.Host.Tests.Bench;

public sealed class BenchUsageTests
{
    [Theory]
    [InlineData("--batch", "bench", "score", "--batch", "0")]
    [InlineData("--request-rows", "bench", "score", "--request-rows", "0")]
    [InlineData("--model", "bench", "score", "--model", "/nowhere/at-all")]
    [InlineData("--requests", "bench", "http")]
    [InlineData("--requests", "bench", "http", "--requests", "0")]
    [InlineData("--connections", "bench", "http", "--requests", "1", "--connections", "101")]
    [InlineData("--rate", "bench", "http", "--requests", "1", "--rate", "-1")]
    [InlineData("--runs", "bench", "start", "--runs", "0")]
    [InlineData("--port", "bench", "start", "--port", "70000")]
    [InlineData("--events", "bench", "nodes")]
    [InlineData("--nodes", "bench", "nodes", "--events", "1", "--nodes", "0")]
    [InlineData("--partitions", "bench", "nodes", "--events", "1", "--nodes", "4", "--partitions", "3")]
    [InlineData("Kafka:BootstrapServers", "bench", "nodes", "--events", "1", "--kafka", "nonsense")]
    public async Task Wrong_flag_exits_2_and_is_named(string flag, params string[] arguments)
    {
        var (code, _, error) = await CommandLineTests.RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(flag, error);
    }

    [Fact]
    public async Task Program_can_be_started_as_a_child_and_has_a_size()
    {
        Assert.True(await ChildProgram.SecondsOfVersionAsync(TestContext.Current.CancellationToken) > 0);
        Assert.True(ChildProgram.FolderBytes() > 1_000_000);
    }

    [Fact]
    public void Ports_are_distinct_or_in_a_row()
    {
        Assert.Equal(4, ChildProgram.Ports(4, 0).Distinct().Count());
        Assert.Equal([30_000, 30_001, 30_002], ChildProgram.Ports(3, 30_000));
    }

    [Fact]
    public void Topics_of_a_run_are_its_own_whatever_the_settings_name()
    {
        var topics = new BenchTopics(new KafkaOptions { EventsTopic = "shop-events", TopicPrefix = "live-", GroupId = "live" }, 3).Kafka;
        Assert.StartsWith("bench-", topics.Topics.Events);
        Assert.StartsWith("bench-", topics.Topics.Catalog);
        Assert.StartsWith("bench-", topics.GroupId);
        Assert.StartsWith("bench-", topics.TransactionalIdPrefix);
    }
}
