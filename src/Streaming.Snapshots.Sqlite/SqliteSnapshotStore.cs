using System.Globalization;
using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Sqlite;

/// <summary>
/// The embedded store: a folder with one SQLite file a shard (<c>shard-00007.db</c>) and one for named blobs (<c>node.db</c>). It serves the processes of
/// one host; another host is refused. Rows and R of a flush are one transaction.
/// </summary>
public sealed class SqliteSnapshotStore : ISnapshotStore
{
    private readonly SqliteOptions _options;
    private readonly StoreMeter _meter = new("sqlite");
    private readonly SqliteWorker<NodeFile> _node;

    /// <summary>Takes valid settings (<see cref="SqliteOptions.Validate"/>); touches no file.</summary>
    /// <exception cref="ArgumentException">The settings are not valid; every error is named.</exception>
    public SqliteSnapshotStore(SqliteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = string.Join("; ", options.Validate());
        if (errors.Length > 0) throw new ArgumentException(errors, nameof(options));
        _options = options;
        var path = Path.Combine(options.Folder, "node.db");
        _node = new("store node", path, options.QueueCalls, () => new NodeFile(path, options));
    }

    /// <inheritdoc/>
    public string Description => $"sqlite:{_options.Folder}";

    /// <summary>Creates the folder and claims it for this host.</summary>
    /// <exception cref="StoreOfAnotherHostException">The folder belongs to another host.</exception>
    /// <exception cref="StoreUnavailableException">The folder cannot be created or written.</exception>
    public ValueTask PrepareAsync(CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(_options.Folder);
            HostMarker.Claim(_options.Folder, _options.HostId.Length > 0 ? _options.HostId : HostMarker.ThisHost());
            return ValueTask.CompletedTask;
        }
        catch (Exception error) when (SqliteErrors.IsStoreError(error))
        {
            throw SqliteErrors.Translate(error, _options.Folder);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CorruptRowException">The file is damaged, of another program, or of another version.</exception>
    public async ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        var path = Path.Combine(_options.Folder, string.Create(CultureInfo.InvariantCulture, $"shard-{partition:D5}.db"));
        var store = new SqliteShardStore(path, _options, _meter);
        try
        {
            // The first call opens the file: what is wrong with it shows here, not in the first batch.
            await store.ReadShardAsync(cancellation);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return await _node.RunAsync(node => node.Read(name), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        await _node.RunAsync(
            node =>
            {
                node.Write(name, bytes.Span);
                return true;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
