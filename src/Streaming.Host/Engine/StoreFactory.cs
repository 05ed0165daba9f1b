using Streaming.Core.Snapshot;
using Streaming.Host.Settings;
using Streaming.Snapshots.Cassandra;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Engine;

/// <summary>Opens the store that the settings name.</summary>
internal static class StoreFactory
{
    /// <summary>Folder of the node's own files: beside a SQLite store.</summary>
    public static string LocalFolder(SettingsSnapshot settings) =>
        StoreLocation.TryParse(settings.Get<StoreOptions>().Location, out var location) is null && !location.IsCassandra ? location.Folder : "./streaming-data";

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
