using Streaming.Core.Errors;
using Streaming.Core.Snapshot;
using Streaming.Host.Settings;
using Streaming.Kafka.Topics;
using Streaming.Snapshots.Cassandra;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Engine;

/// <summary>Opens the store that the settings name.</summary>
internal static class StoreFactory
{
    /// <summary>Folder of the node's own files: beside a SQLite store.</summary>
    public static string LocalFolder(SettingsSnapshot settings) =>
        StoreLocation.TryParse(settings.Get<StoreOptions>().Location, out var location) is null && !location.IsCassandra ? location.Folder : "./streaming-data";

    /// <summary>The store for a command that only reads: one that no node has used is told, not created.</summary>
    /// <exception cref="TopologyMismatchException">Nothing is there, or it was never used by a node.</exception>
    public static async Task<ISnapshotStore> OpenUsedAsync(SettingsSnapshot settings, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var where = settings.Get<StoreOptions>().Location;
        if (StoreLocation.TryParse(where, out var location) is null && !location.IsCassandra && !Directory.Exists(location.Folder))
            throw new TopologyMismatchException($"there is no store at {where}: the folder does not exist.");
        var store = Create(settings, loggers);
        try
        {
            await store.PrepareAsync(cancellation);
            if (await store.ReadBlobAsync(KafkaTopics.BlobName, cancellation) is null)
                throw new TopologyMismatchException($"{store.Description} holds no record of the topics it belongs to: no node has used it yet.");
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>The store; nothing is touched before its <see cref="ISnapshotStore.PrepareAsync"/>.</summary>
    /// <exception cref="CassandraDriverMissingException">This build has no Cassandra driver.</exception>
    public static ISnapshotStore Create(SettingsSnapshot settings, ILoggerFactory loggers)
    {
        if (StoreLocation.TryParse(settings.Get<StoreOptions>().Location, out var location) is { } error) throw new SettingsFileException("Store:Location " + error);
        return location.IsCassandra
            ? CassandraStoreFactory.Create(settings.Get<CassandraOptions>() with { ContactPoints = location.ContactPoints }, loggers.CreateLogger("Streaming.Store"))
            : new SqliteSnapshotStore(settings.Get<SqliteOptions>() with { Folder = location.Folder });
    }
}
