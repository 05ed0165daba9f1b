using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Snapshot;
using Streaming.Host.Settings;
using Streaming.Snapshots.Cassandra;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Bench;

/// <summary>A store of one run alone: a folder of SQLite files or a keyspace, deleted with it. Every opening is one by another process, as far as the store can tell.</summary>
/// <param name="run">Name of the run.</param>
/// <param name="where"><c>sqlite</c>, <c>sqlite:DIR</c> (a folder of the run is made there; default: that of temporary files) or <c>cassandra:HOST:PORT</c>.</param>
/// <param name="sqlite">Settings of SQLite.</param>
/// <param name="cassandra">Settings of Cassandra.</param>
/// <param name="log">Told where it cannot be deleted.</param>
internal sealed class BenchStore(string run, string where, SqliteOptions sqlite, CassandraOptions cassandra, TextWriter log) : IAsyncDisposable
{
    private readonly StoreLocation _location = Parse(where, out var location) is { } error ? throw new SettingsFileException("--store " + error) : location;

    /// <summary>True where it is Cassandra.</summary>
    public bool IsCassandra => _location.IsCassandra;

    /// <summary>Settings of the run's keyspace.</summary>
    public CassandraOptions Cassandra => cassandra with { ContactPoints = _location.ContactPoints, Keyspace = run.Replace('-', '_'), CreateMissing = true };

    /// <summary>Settings of the run's folder.</summary>
    public SqliteOptions Sqlite => sqlite with { Folder = Folder };

    /// <summary>Folder of the run's files.</summary>
    public string Folder => Path.Combine(_location.Folder is { Length: > 0 } folder ? folder : Path.GetTempPath(), run);

    /// <summary>What is wrong with a place named on the command line; null: nothing.</summary>
    public static string? Wrong(string where) => Parse(where, out var location) is { } error ? "--store " + error
        : location.IsCassandra && !CassandraStoreFactory.IsAvailable ? "--store names Cassandra, and this build has no driver for it: build with -p:CassandraDriver=true, or use sqlite." : null;

    /// <summary>File of a shard in a SQLite store.</summary>
    public string ShardFile(int partition) => Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"shard-{partition:D5}.db"));

    /// <summary>Opens and prepares it.</summary>
    public async Task<ISnapshotStore> OpenAsync(CancellationToken cancellation)
    {
        var store = IsCassandra ? CassandraStoreFactory.Create(Cassandra, NullLogger.Instance) : new SqliteSnapshotStore(Sqlite);
        try
        {
            await store.PrepareAsync(cancellation);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (IsCassandra)
            {
                await using var driver = await PlainCassandra.ConnectAsync(Cassandra, CancellationToken.None);
                await driver.ExecuteAsync($"DROP KEYSPACE IF EXISTS {Cassandra.Keyspace}");
            }
            else if (Directory.Exists(Folder))
            {
                Directory.Delete(Folder, recursive: true);
            }
        }
        catch (Exception error) when (error is StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            await log.WriteLineAsync($"The store of the run, {run}, could not be deleted: {error.Message}");
        }
    }

    private static string? Parse(string where, out StoreLocation location)
    {
        location = default;
        return where == "sqlite" ? null : StoreLocation.TryParse(where, out location);
    }
}
