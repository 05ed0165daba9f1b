using Streaming.Core.Snapshot;
using Streaming.Host.Settings;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Engine;

/// <summary>Opens the store that the settings name.</summary>
internal static class StoreFactory
{
    /// <summary>The store; nothing is touched before its <see cref="ISnapshotStore.PrepareAsync"/>.</summary>
    /// <exception cref="SettingsFileException">This build has no such store.</exception>
    public static ISnapshotStore Create(SettingsSnapshot settings)
    {
        if (StoreLocation.TryParse(settings.Get<StoreOptions>().Location, out var location) is { } error) throw new SettingsFileException("Store:Location " + error);
        return location.IsCassandra ? Cassandra(location) : new SqliteSnapshotStore(settings.Get<SqliteOptions>() with { Folder = location.Folder });
    }

    private static ISnapshotStore Cassandra(StoreLocation location) =>
        throw new SettingsFileException($"Store:Location names Cassandra at {location.Host}:{location.Port}, and this build has no Cassandra driver: build with -p:CassandraDriver=true.");
}
