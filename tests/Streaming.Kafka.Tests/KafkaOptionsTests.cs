namespace Streaming.Kafka.Tests;

public sealed class KafkaOptionsTests
{
    [Fact]
    public void Defaults_are_valid() => Assert.Empty(new KafkaOptions().Validate());

    [Fact]
    public void Validate_names_every_error_at_once()
    {
        var options = new KafkaOptions
        {
            BootstrapServers = "nowhere", GroupId = " ", TransactionalIdPrefix = "", TopicPrefix = "a b", EventsTopic = "", TransactionTimeoutMs = 1, FetchWaitMs = 0,
            QueueKiBPerNode = 1, Partitions = 0, ReplicationFactor = 0, RetentionHours = 0, MessageMaxBytes = 1, LingerMs = -1,
            Security = new KafkaSecurityOptions { Protocol = "sasl_ssl", SaslMechanism = "PLAIN", CaFile = "/does/not/exist" },
            ClientProperties = new Dictionary<string, string> { ["isolation.level"] = "read_uncommitted", ["test.mock.num.brokers"] = "1", ["socket.keepalive.enable"] = "true", ["enable.ssl.certificate.verification"] = "false", ["ssl.endpoint.identification.algorithm"] = "none" },
        };
        var errors = options.Validate().ToList();
        foreach (var name in new[]
                 {
                     "BootstrapServers", "GroupId", "TransactionalIdPrefix", "TopicPrefix", "EventsTopic", "TransactionTimeoutMs", "FetchWaitMs", "QueueKiBPerNode", "Partitions",
                     "ReplicationFactor", "RetentionHours", "MessageMaxBytes", "LingerMs", "MessageTimeoutMs", "SaslUsername", "SaslPassword", "CaFile", "'isolation.level'", "'test.mock.num.brokers'", "'enable.ssl.certificate.verification'", "'ssl.endpoint.identification.algorithm'",
                 })
            Assert.Contains(errors, error => error.Contains(name));
        Assert.DoesNotContain(errors, error => error.Contains("keepalive"));
    }

    [Fact]
    public void Secrets_are_never_printed()
    {
        var options = new KafkaOptions
        {
            Security = new KafkaSecurityOptions { Protocol = "sasl_ssl", SaslMechanism = "PLAIN", SaslUsername = "app", SaslPassword = "pa55", KeyPassword = "k3y" },
            ClientProperties = new Dictionary<string, string> { ["sasl.oauthbearer.client.secret"] = "s3cret" },
        };
        var text = options.ToString() + options.Security + $"{options}";
        Assert.DoesNotContain("pa55", text);
        Assert.DoesNotContain("k3y", text);
        Assert.DoesNotContain("s3cret", text);
        Assert.Contains("***", text);
    }

    [Fact]
    public void Consumer_properties_keep_the_guarantees()
    {
        var properties = KafkaClientProperties.Consumer(new KafkaOptions { QueueKiBPerNode = 8_192 }, "node", 4);
        Assert.Equal("read_committed", properties["isolation.level"]);
        Assert.Equal("error", properties["auto.offset.reset"]);
        Assert.Equal("false", properties["enable.auto.commit"]);
        Assert.Equal("true", properties["check.crcs"]);
        Assert.Equal("2048", properties["queued.max.messages.kbytes"]);
    }

    // A client that heard of no such topic from a broker that had just started sends and reads nothing until it asks again.
    [Fact]
    public void Every_kind_of_client_asks_for_its_topics_anew_each_ten_seconds()
    {
        var options = new KafkaOptions();
        Dictionary<string, string>[] kinds = [KafkaClientProperties.Common(options, "admin"), KafkaClientProperties.Consumer(options, "node", 4), KafkaClientProperties.Transactional(options, 1), KafkaClientProperties.Bulk(options, "writer"), KafkaClientProperties.Acknowledged(options, "receipts")];
        Assert.All(kinds, properties => Assert.Equal("10000", properties["topic.metadata.refresh.interval.ms"]));
    }

    [Fact]
    public void Transactional_id_follows_the_partition()
    {
        var options = new KafkaOptions { TransactionalIdPrefix = "shop", EventsTopic = "clicks" };
        Assert.Equal("shop-clicks-7", KafkaClientProperties.Transactional(options, 7)["transactional.id"]);
    }

    [Fact]
    public void Unknown_client_property_is_refused_without_its_value()
    {
        var options = new KafkaOptions { ClientProperties = new Dictionary<string, string> { ["no.such.property"] = "s3cret" } };
        var error = Assert.Throws<ArgumentException>(() => new KafkaNode(options, 1, Microsoft.Extensions.Logging.Abstractions.NullLogger<KafkaNode>.Instance));
        Assert.Contains("no.such.property", error.Message);
        Assert.DoesNotContain("s3cret", error.Message);
    }
}
