using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Tests.Real;

/// <summary>SASL over TLS. STREAMING_TEST_KAFKA_SECURE names the listener, STREAMING_TEST_KAFKA_CA its authority's PEM file; user admin, password admin-secret.</summary>
public sealed class SecureKafkaTests
{
    /// <summary>RD_KAFKA_RESOURCE_TRANSACTIONAL_ID, which the binding passes on and has no name for.</summary>
    private const ResourceType TransactionalId = (ResourceType)5;

    private static CancellationToken Stop => RealKafka.Stop;

    [Fact]
    public async Task Transaction_commits_over_Sasl_and_Tls()
    {
        var options = Options("admin-secret");
        await new KafkaTopics(options, NullLogger<KafkaTopics>.Instance).PrepareAsync(new MemorySnapshotStore(), Stop);
        await using var node = new KafkaNode(options, options.Partitions, NullLogger<KafkaNode>.Instance);
        var broker = await node.OpenAsync(0, Stop);
        await broker.InitTransactionsAsync(Stop);
        broker.Begin();
        broker.Produce(OutputTopic.Control, 0, default, "batch"u8);
        await broker.SendOffsetsAsync(new ShardOffsets(1, 0, 0), 1, Stop);
        await broker.CommitAsync(Stop);
        Assert.Equal(1, ((await broker.ReadCommittedAsync(Stop)).Offsets).Events);
        Assert.Equal(["batch"], (await broker.ReadToEndAsync(SourceTopic.Control, 0)).Values);
    }

    [Fact]
    public async Task Wrong_password_is_an_error_not_a_wait_for_ever()
    {
        var options = Options("wrong") with { RequestTimeoutMs = 3_000 };
        await Assert.ThrowsAsync<BrokerUnavailableException>(() => new KafkaTopics(options, NullLogger<KafkaTopics>.Instance).EnsureAsync(Stop));
    }

    [Fact]
    public async Task Plain_client_on_a_tls_port_is_an_error()
    {
        var options = Options("admin-secret") with { RequestTimeoutMs = 3_000, Security = new KafkaSecurityOptions() };
        await Assert.ThrowsAsync<BrokerUnavailableException>(() => new KafkaTopics(options, NullLogger<KafkaTopics>.Instance).EnsureAsync(Stop));
    }

    [Fact]
    public async Task Tls_client_on_a_plain_port_is_an_error()
    {
        var options = Options("admin-secret") with { BootstrapServers = RealKafka.NewOptions().BootstrapServers, RequestTimeoutMs = 3_000 };
        await Assert.ThrowsAsync<BrokerUnavailableException>(() => new KafkaTopics(options, NullLogger<KafkaTopics>.Instance).EnsureAsync(Stop));
    }

    [Fact]
    public async Task Broker_whose_authority_is_unknown_is_refused()
    {
        var options = Options("admin-secret") with { RequestTimeoutMs = 3_000 };
        options = options with { Security = options.Security with { CaFile = null } }; // the system's authorities
        await Assert.ThrowsAsync<BrokerUnavailableException>(() => new KafkaTopics(options, NullLogger<KafkaTopics>.Instance).EnsureAsync(Stop));
    }

    /// <summary>The rights that docs/topics.md lists, and nothing else.</summary>
    [Fact]
    public async Task Principal_with_the_listed_rights_alone_runs_a_shard_and_is_refused_the_rest()
    {
        var admin = Options("admin-secret");
        await new KafkaTopics(admin, NullLogger<KafkaTopics>.Instance).EnsureAsync(Stop);
        using var acls = Admin(admin);
        await GrantAsync(acls, Rights(admin));

        var app = admin with { CreateTopics = false, Security = admin.Security with { SaslUsername = "app", SaslPassword = "app-secret" } };
        await new KafkaTopics(app, NullLogger<KafkaTopics>.Instance).PrepareAsync(new MemorySnapshotStore(), Stop);
        await using var node = new KafkaNode(app, app.Partitions, NullLogger<KafkaNode>.Instance);
        var broker = await node.OpenAsync(0, Stop);
        await broker.InitTransactionsAsync(Stop);
        broker.Begin();
        foreach (var topic in Enum.GetValues<OutputTopic>()) broker.Produce(topic, 0, "k"u8, "v"u8);
        await broker.SendOffsetsAsync(new ShardOffsets(1, 0, 0), 1, Stop);
        await broker.CommitAsync(Stop);
        Assert.Equal(1, ((await broker.ReadCommittedAsync(Stop)).Offsets).Events);
        Assert.Equal(1, ((await broker.PeekCommittedAsync(Stop)).Offsets).Events);
        foreach (var topic in Enum.GetValues<SourceTopic>()) Assert.Equal(["v"], (await broker.ReadToEndAsync(topic, 0)).Values);

        var other = app with { TopicPrefix = app.TopicPrefix + "other-" };
        await new KafkaTopics(other with { CreateTopics = true, Security = admin.Security }, NullLogger<KafkaTopics>.Instance).EnsureAsync(Stop);
        await Assert.ThrowsAnyAsync<EngineException>(() => new KafkaTopics(other, NullLogger<KafkaTopics>.Instance).PrepareAsync(new MemorySnapshotStore(), Stop));
        await using var stranger = new KafkaNode(app with { TransactionalIdPrefix = "y" + app.GroupId }, 1, NullLogger<KafkaNode>.Instance);
        await Assert.ThrowsAnyAsync<EngineException>(async () => await (await stranger.OpenAsync(0, Stop)).InitTransactionsAsync(Stop));
    }

    [Fact]
    public async Task Right_taken_away_in_mid_run_ends_the_transaction_and_drops_nothing()
    {
        var admin = Options("admin-secret");
        await new KafkaTopics(admin, NullLogger<KafkaTopics>.Instance).EnsureAsync(Stop);
        using var acls = Admin(admin);
        await GrantAsync(acls, Rights(admin));
        var app = admin with { CreateTopics = false, Security = admin.Security with { SaslUsername = "app", SaslPassword = "app-secret" } };
        await using var node = new KafkaNode(app, app.Partitions, NullLogger<KafkaNode>.Instance);
        var broker = await node.OpenAsync(0, Stop);
        await broker.InitTransactionsAsync(Stop);
        await CommitAsync(new ShardOffsets(1, 0, 0));

        var writes = Right(ResourceType.Topic, app.Topics.Recommendations, AclOperation.Write);
        await acls.DeleteAclsAsync([writes.ToFilter()], new DeleteAclsOptions());
        await UntilAsync(acls, known => !known.Contains(writes));
        // Whether the refusal comes before the offsets are sent or with the commit: either ends the transaction for certain.
        Assert.True(await Assert.ThrowsAnyAsync<EngineException>(() => CommitAsync(new ShardOffsets(2, 0, 0))) is RecordRejectedException or TransactionAbortedException);
        await broker.InitTransactionsAsync(Stop);
        Assert.Equal(1, ((await broker.ReadCommittedAsync(Stop)).Offsets).Events);

        await GrantAsync(acls, [writes]);
        await CommitInTheEndAsync(); // a client keeps the refusal until it asks for the topic again
        Assert.Equal(2, ((await broker.ReadCommittedAsync(Stop)).Offsets).Events);

        async Task CommitInTheEndAsync()
        {
            for (var tries = 0; ; tries++)
            {
                try
                {
                    await CommitAsync(new ShardOffsets(2, 0, 0));
                    return;
                }
                catch (EngineException) when (tries < 40)
                {
                    await Task.Delay(500, Stop);
                    await broker.InitTransactionsAsync(Stop);
                }
            }
        }

        async Task CommitAsync(ShardOffsets next)
        {
            broker.Begin();
            broker.Produce(OutputTopic.Recommendations, 0, "u"u8, "list"u8);
            await broker.SendOffsetsAsync(next, 1, Stop);
            await broker.CommitAsync(Stop);
        }
    }

    private static async Task GrantAsync(IAdminClient admin, List<AclBinding> rights)
    {
        await admin.CreateAclsAsync(rights, new CreateAclsOptions());
        await UntilAsync(admin, known => rights.TrueForAll(known.Contains));
    }

    /// <summary>The controller answers before the broker's authorizer, which is asked here, has heard of a change.</summary>
    private static async Task UntilAsync(IAdminClient admin, Predicate<List<AclBinding>> holds)
    {
        var all = new AclBindingFilter
        {
            PatternFilter = new ResourcePatternFilter { Type = ResourceType.Any, ResourcePatternType = ResourcePatternType.Any },
            EntryFilter = new AccessControlEntryFilter { Principal = "User:app", Operation = AclOperation.Any, PermissionType = AclPermissionType.Any },
        };
        while (!holds((await admin.DescribeAclsAsync(all, new DescribeAclsOptions())).AclBindings)) await Task.Delay(100, Stop);
    }

    private static IAdminClient Admin(KafkaOptions options) => new AdminClientBuilder(new AdminClientConfig
    {
        BootstrapServers = options.BootstrapServers, SecurityProtocol = SecurityProtocol.SaslSsl, SaslMechanism = SaslMechanism.Plain,
        SaslUsername = options.Security.SaslUsername, SaslPassword = options.Security.SaslPassword, SslCaLocation = options.Security.CaFile,
    }).Build();

    private static List<AclBinding> Rights(KafkaOptions options)
    {
        var topics = options.Topics;
        string[] read = [topics.Events, topics.Links, topics.Control, topics.Sessions, topics.Catalog, topics.Campaigns, topics.Merchandising];
        string[] write = [topics.Events, topics.Links, topics.Control, topics.Sessions, topics.Recommendations, topics.ChurnAlerts, topics.DeadLetters, topics.Offers, topics.Outcomes, topics.Segments, topics.Trends];
        string[] settings = [topics.Events, topics.Links, topics.Control];
        return
        [
            .. read.Select(t => Right(ResourceType.Topic, t, AclOperation.Read)),
            .. write.Select(t => Right(ResourceType.Topic, t, AclOperation.Write)),
            .. settings.Select(t => Right(ResourceType.Topic, t, AclOperation.DescribeConfigs)),
            Right(ResourceType.Group, options.GroupId, AclOperation.Read),
            Right(TransactionalId, options.TransactionalIdPrefix + "-", AclOperation.Write, ResourcePatternType.Prefixed),
        ];
    }

    private static AclBinding Right(ResourceType type, string name, AclOperation operation, ResourcePatternType pattern = ResourcePatternType.Literal) => new()
    {
        Pattern = new ResourcePattern { Type = type, Name = name, ResourcePatternType = pattern },
        Entry = new AccessControlEntry { Principal = "User:app", Host = "*", Operation = operation, PermissionType = AclPermissionType.Allow },
    };

    private static KafkaOptions Options(string password)
    {
        var (address, authority) = (Environment.GetEnvironmentVariable("STREAMING_TEST_KAFKA_SECURE"), Environment.GetEnvironmentVariable("STREAMING_TEST_KAFKA_CA"));
        if (string.IsNullOrEmpty(address) || string.IsNullOrEmpty(authority)) Assert.Skip("STREAMING_TEST_KAFKA_SECURE and STREAMING_TEST_KAFKA_CA are not set");
        var id = Guid.NewGuid().ToString("N")[..10];
        var options = new KafkaOptions
        {
            BootstrapServers = address!, TopicPrefix = $"t{id}-", GroupId = $"g{id}", TransactionalIdPrefix = $"x{id}", Partitions = 1,
            Security = new KafkaSecurityOptions { Protocol = "sasl_ssl", SaslMechanism = "PLAIN", SaslUsername = "admin", SaslPassword = password, CaFile = authority },
        };
        Assert.Empty(options.Validate());
        return options;
    }
}
