using Streaming.Core.Errors;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Tests;

public sealed class TopologyCheckTests
{
    private static readonly KafkaOptions Options = new();

    [Fact]
    public void Record_survives_its_bytes()
    {
        var record = Record(4);
        var read = TopologyCheck.Trusted(TopologyRecord.FromBytes(record.ToBytes()), "memory");
        Assert.Equal(record.Hash, read.Hash);
        Assert.Equal(record.Topics, read.Topics);
        Assert.Equal(4, read.Partitions);
        Assert.Contains("\"partitioner\": \"murmur2\"", System.Text.Encoding.UTF8.GetString(record.ToBytes()));
    }

    [Fact]
    public void Damaged_record_is_refused()
    {
        var record = Record(4);
        Assert.Throws<TopologyMismatchException>(() => TopologyCheck.Trusted(null, "memory"));
        Assert.Null(TopologyRecord.FromBytes("{nonsense"u8));
        Assert.Throws<TopologyMismatchException>(() => TopologyCheck.Trusted(record with { Hash = "0" }, "memory"));
        Assert.Throws<TopologyMismatchException>(() => TopologyCheck.Trusted((record with { Version = 2 }).Sealed(), "memory"));
        Assert.Throws<TopologyMismatchException>(() => TopologyCheck.Trusted((record with { Partitioner = "crc32" }).Sealed(), "memory"));
    }

    [Fact]
    public void Equal_topology_passes_without_a_word() =>
        Assert.Empty(TopologyCheck.Compare(Record(4), Record(4), TopicSpecs.All(Options, 4)));

    [Theory]
    [InlineData("events")]
    [InlineData("links")]
    [InlineData("control")]
    [InlineData("sessions")]
    public void Topic_created_anew_is_refused_where_offsets_refer_to_it(string role)
    {
        var now = Change(Record(4), role, topic => topic with { Id = "another" });
        var error = Assert.Throws<TopologyMismatchException>(() => TopologyCheck.Compare(Record(4), now, TopicSpecs.All(Options, 4)));
        Assert.Contains("created anew", error.Message);
        Assert.Contains("empty snapshot store", error.Message);
    }

    [Theory]
    [InlineData("recommendations")]
    [InlineData("catalog")]
    public void Output_or_catalogue_created_anew_is_a_warning(string role)
    {
        var now = Change(Record(4), role, topic => topic with { Id = "another" });
        Assert.Single(TopologyCheck.Compare(Record(4), now, TopicSpecs.All(Options, 4)));
    }

    [Fact]
    public void Changed_partition_count_is_refused()
    {
        var error = Assert.Throws<TopologyMismatchException>(() => TopologyCheck.Compare(Record(4), Record(6), TopicSpecs.All(Options, 6)));
        Assert.Contains("6 partitions, 4 when", error.Message);
        var uneven = Change(Record(4), "links", topic => topic with { Partitions = 3 });
        Assert.Throws<TopologyMismatchException>(() => TopologyCheck.RequireCoPartitioned(uneven, TopicSpecs.All(Options, 4)));
    }

    [Fact]
    public void Missing_source_is_not_replaced()
    {
        var found = Record(4).Topics.Where(topic => topic.Role != "links").ToDictionary(topic => topic.Name);
        Assert.Throws<TopologyMismatchException>(() => TopologyCheck.RequirePresent(Record(4), TopicSpecs.All(Options, 4), found));
    }

    [Fact]
    public void Prefix_and_events_override_name_the_topics()
    {
        var specs = TopicSpecs.All(new KafkaOptions { TopicPrefix = "shop.", EventsTopic = "clicks" }, 3);
        Assert.Equal("clicks", specs[0].Name);
        Assert.All(specs.Skip(1), spec => Assert.StartsWith("shop.", spec.Name));
        Assert.All(specs.Where(spec => spec.CoPartitioned), spec => Assert.Equal(3, spec.Partitions));
        Assert.Equal(["events", "links", "control"], specs.Where(spec => spec.AppendTime).Select(spec => spec.Role));
    }

    private static TopologyRecord Record(int partitions) => new TopologyRecord
    {
        Topics = TopicSpecs.All(Options, partitions).Select(spec => new TopologyTopic(spec.Role, spec.Name, spec.Partitions, "id-" + spec.Role)).ToList(),
    }.Sealed();

    private static TopologyRecord Change(TopologyRecord record, string role, Func<TopologyTopic, TopologyTopic> change) =>
        (record with { Topics = record.Topics.Select(topic => topic.Role == role ? change(topic) : topic).ToList() }).Sealed();
}
