using System.Linq.Expressions;
using System.Reflection;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Snapshots.Cassandra;

namespace Streaming.Host.Bench;

/// <summary>
/// Cassandra by its bare driver: prepared inserts of one row each, as many in flight as the engine's store may have. The driver is a build feature of that store's project and is not seen here at
/// compile time: its methods are found by name once and called through compiled delegates, which costs nothing that could be measured.
/// </summary>
internal sealed class PlainCassandra : IPlainWriter
{
    private const int Parts = 256;
    private readonly object _cluster;
    private readonly object _session;
    private readonly CassandraOptions _options;
    private readonly Func<object, Task> _execute;
    private Func<object[], object>? _bind;

    private PlainCassandra(object cluster, object session, CassandraOptions options)
    {
        (_cluster, _session, _options) = (cluster, session, options);
        var statement = Expression.Parameter(typeof(object));
        var execute = Type("ISession").GetMethod("ExecuteAsync", [Type("IStatement")])!;
        _execute = Expression.Lambda<Func<object, Task>>(Expression.Call(Expression.Constant(session, Type("ISession")), execute, Expression.Convert(statement, Type("IStatement"))), statement).Compile();
    }

    /// <summary>Connects as the engine's store does: nodes, user, encryption, consistency, time-outs.</summary>
    /// <exception cref="CassandraDriverMissingException">This build has no driver.</exception>
    /// <exception cref="StoreUnavailableException">No node answers.</exception>
    public static Task<PlainCassandra> ConnectAsync(CassandraOptions options, CancellationToken cancellation)
    {
        if (!CassandraStoreFactory.IsAvailable) throw new CassandraDriverMissingException();
        return ToldAsync(async () =>
        {
            var build = typeof(CassandraStoreFactory).Assembly.GetType("Streaming.Snapshots.Cassandra.CassandraConnection", throwOnError: true)!.GetMethod("Build")!;
            var cluster = build.Invoke(null, [options])!;
            try
            {
                var session = await ResultOfAsync(Type("Cluster").GetMethod("ConnectAsync", [])!.Invoke(cluster, null)!).WaitAsync(cancellation);
                return new PlainCassandra(cluster, session, options);
            }
            catch
            {
                ((IDisposable)cluster).Dispose();
                throw;
            }
        });
    }

    /// <summary>Runs CQL that answers nothing of interest.</summary>
    public Task ExecuteAsync(string cql) => ToldAsync(async () =>
    {
        await _execute(Type("SimpleStatement").GetConstructor([typeof(string)])!.Invoke([cql]));
        return true;
    });

    /// <summary>Creates a table of the shape of the engine's, in its keyspace, and prepares the insert into it.</summary>
    public async Task PrepareAsync()
    {
        await ExecuteAsync($"CREATE TABLE {_options.Keyspace}.plain (shard int, part int, key blob, blob blob, PRIMARY KEY ((shard, part), key)) WITH compaction = {{'class': 'LeveledCompactionStrategy'}}");
        await ToldAsync(async () =>
        {
            var prepare = Type("ISession").GetMethod("PrepareAsync", [typeof(string)])!;
            var prepared = await ResultOfAsync(prepare.Invoke(_session, [$"INSERT INTO {_options.Keyspace}.plain (shard, part, key, blob) VALUES (?, ?, ?, ?)"])!);
            var values = Expression.Parameter(typeof(object[]));
            var bind = Type("PreparedStatement").GetMethod("Bind", [typeof(object[])])!;
            _bind = Expression.Lambda<Func<object[], object>>(Expression.Convert(Expression.Call(Expression.Constant(prepared, Type("PreparedStatement")), bind, values), typeof(object)), values).Compile();
            return true;
        });
    }

    /// <inheritdoc/>
    public Task WriteAsync(PlainRow[] rows, CancellationToken cancellation)
    {
        var bind = _bind ?? throw new InvalidOperationException("prepare first");
        var limit = new ParallelOptions { MaxDegreeOfParallelism = _options.ConcurrentRequests, CancellationToken = cancellation };
        return ToldAsync(async () =>
        {
            await Parallel.ForEachAsync(rows, limit, async (row, _) => await _execute(bind([0, (int)(Hash64.Of(row.Key) % Parts), row.Key, row.Blob])));
            return true;
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (Task)Type("Cluster").GetMethod("ShutdownAsync", [typeof(int)])!.Invoke(_cluster, [_options.RequestTimeoutMs])!;
        ((IDisposable)_cluster).Dispose();
    }

    private static Type Type(string name) => Assembly.Load("Cassandra").GetType("Cassandra." + name, throwOnError: true)!;

    private static async Task<object> ResultOfAsync(object task)
    {
        await (Task)task;
        return task.GetType().GetProperty("Result")!.GetValue(task)!;
    }

    // The driver's errors have no type here.
    private static async Task<T> ToldAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (error.GetType().Assembly == Assembly.Load("Cassandra") || error is TimeoutException)
        {
            throw new StoreUnavailableException($"the Cassandra driver: {error.Message}", error);
        }
    }
}
