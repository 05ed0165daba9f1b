using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Core.Items;
using Streaming.Host.Engine;
using Streaming.Host.Settings;
using Streaming.Kafka;
using Streaming.Kafka.Embedded;
using Streaming.Kafka.Topics;
using Streaming.Snapshots.Sqlite;
using Xunit;

namespace Streaming.Host.Tests.Engine;

/// <summary>The feeder over the in-process cluster.</summary>
public sealed class ItemIndexFeederTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("item-feeder-");
    private readonly EmbeddedKafka _kafka = new(new KafkaOptions { Partitions = 1 }, NullLogger<EmbeddedKafka>.Instance);
    private string _catalogId = "catalog-1";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _kafka.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Restart_goes_on_from_the_saved_index()
    {
        await WriteAsync("a", "b");
        Assert.Equal((2, 0L), await RunAsync());
        await WriteAsync("c");
        Assert.Equal((3, 2L), await RunAsync());
    }

    [Fact]
    public async Task Topic_made_anew_empties_the_saved_index()
    {
        await WriteAsync("a", "b");
        await RunAsync();
        _catalogId = "catalog-2";
        Assert.Equal((2, 2L), await RunAsync());
        Assert.Equal((2, 2L), await RunAsync());
    }

    // Answers the items known in the end, and where reading the catalogue had stood in the saved index.
    private async Task<(int Items, long From)> RunAsync()
    {
        var parts = Parts();
        await using var store = parts.Store;
        var file = new ItemIndexFile(new ItemIndexFileOptions(), _folder.FullName, ["catalog"], NullLogger.Instance);
        using var index = file.Load(new ItemDictionary(), new ItemIndexOptions(), out var positions);
        var from = positions is null ? 0 : positions.Topics[_kafka.Options.Topics.Catalog].Next[0];
        await using (var feeder = new ItemIndexFeeder(index, positions, file, parts))
        {
            await feeder.CaughtUp.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        return (index.Stats.CatalogItems, from);
    }

    private EngineParts Parts() => new()
    {
        Settings = SettingsSnapshot.Load(new ConfigurationBuilder().Build(), SettingsCatalog.Sections),
        Kafka = _kafka.Options,
        Store = new SqliteSnapshotStore(new SqliteOptions { Folder = _folder.FullName }),
        LocalFolder = _folder.FullName,
        PrepareTopicsAsync = _ => Task.FromResult(1),
        FindTopicAsync = topic => Task.FromResult<TopicIdentity?>(new TopicIdentity(topic == _kafka.Options.Topics.Catalog ? _catalogId : "sessions-1", 1)),
        Brokers = _ => throw new InvalidOperationException("the feeder makes no shards"),
        Loggers = NullLoggerFactory.Instance,
        Time = TimeProvider.System,
    };

    private async Task WriteAsync(params string[] ids)
    {
        await using var writer = new KafkaEventWriter(_kafka.Options, NullLogger<KafkaEventWriter>.Instance);
        foreach (var id in ids)
        {
            writer.Write(_kafka.Options.Topics.Catalog, 0, Encoding.UTF8.GetBytes(id), JsonSerializer.SerializeToUtf8Bytes(new CatalogItem { ItemId = id }, ContractsJson.Default.CatalogItem), isTombstone: false);
        }

        await writer.FlushAsync(TestContext.Current.CancellationToken);
    }
}
