using Cassandra;
using Microsoft.Extensions.Logging;
using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Snapshots.Cassandra;

/// <summary>
/// The store for any number of hosts. Reads and writes at LOCAL_QUORUM; a write's timestamp is the engine's write time, so a late writer loses
/// in the database itself, cell by cell.
/// </summary>
internal sealed class CassandraSnapshotStore(CassandraOptions options, ILogger logger) : ISnapshotStore
{
    private readonly StoreMeter _meter = new("cassandra");
    private readonly SemaphoreSlim _connecting = new(1);
    private Cluster? _cluster;
    private CassandraContext? _context;

    public string Description => options.ToString();

    public async ValueTask PrepareAsync(CancellationToken cancellation) => await ContextAsync(cancellation);

    public async ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        return new CassandraShardStore(partition, await ContextAsync(cancellation));
    }

    public async ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return await new CassandraBlobs(await ContextAsync(cancellation)).ReadAsync(name, cancellation);
    }

    public async ValueTask<byte[]?[]> ReadBlobsAsync(IReadOnlyList<string> names, CancellationToken cancellation) =>
        await new CassandraBlobs(await ContextAsync(cancellation)).ReadManyAsync(names, cancellation);

    public async ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        await new CassandraBlobs(await ContextAsync(cancellation)).WriteAsync(name, bytes, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _context?.Requests.Dispose();
        if (_cluster is { } cluster) await cluster.ShutdownAsync();
        _cluster?.Dispose();
        _connecting.Dispose();
    }

    // A store that was down at the start is connected by the first call that finds it up; afterwards the driver reconnects by itself.
    private async ValueTask<CassandraContext> ContextAsync(CancellationToken cancellation)
    {
        if (_context is { } ready) return ready;
        await _connecting.WaitAsync(cancellation);
        try
        {
            return _context ??= await ConnectAsync(cancellation);
        }
        catch (Exception error) when (CassandraErrors.IsStoreError(error))
        {
            _meter.Failed();
            throw CassandraErrors.Translate(error);
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task<CassandraContext> ConnectAsync(CancellationToken cancellation)
    {
        var cluster = Build();
        try
        {
            var session = await cluster.ConnectAsync().WaitAsync(cancellation);
            var hosts = cluster.AllHosts();
            CassandraLog.Connected(logger, cluster.Metadata.ClusterName, hosts.First().Datacenter, hosts.Count);
            await CassandraSchema.PrepareAsync(session, options, logger).WaitAsync(cancellation);
            var statements = await CassandraStatements.PrepareAsync(session, options.Keyspace).WaitAsync(cancellation);
            _cluster = cluster;
            return new CassandraContext(options, statements, new CassandraRequests(session, options, _meter, logger), _meter);
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    private Cluster Build()
    {
        try
        {
            return CassandraConnection.Build(options);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new StoreUnavailableException($"Cassandra:TlsCaFile '{options.TlsCaFile}' cannot be read: {error.Message}", error);
        }
    }
}
