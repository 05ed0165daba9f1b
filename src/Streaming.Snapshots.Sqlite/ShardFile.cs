using System.Globalization;
using Microsoft.Data.Sqlite;
using Streaming.Core.Errors;

namespace Streaming.Snapshots.Sqlite;

/// <summary>Opens connections to a file of the store: pragmas, owner and version of the schema.</summary>
internal static class ShardFile
{
    /// <summary>"STRM": marks a file of this program in SQLite's header.</summary>
    private const long ApplicationId = 0x5354_524d;

    /// <summary>Version of the tables below; another one is refused.</summary>
    private const long SchemaVersion = 1;

    /// <summary>
    /// The users are a rowid table with an index beside it: rows of 1 KiB and more inside the key's own tree (WITHOUT ROWID) cost a page each
    /// and were five times slower (docs/decisions/0010). Due entries are small and are read by range, so there the key's tree is the table.
    /// </summary>
    public const string ShardTables = """
        CREATE TABLE shard(id INTEGER PRIMARY KEY CHECK (id = 0), write_time INTEGER NOT NULL, blob BLOB NOT NULL);
        CREATE TABLE users(key BLOB NOT NULL UNIQUE, write_time INTEGER NOT NULL, blob BLOB NOT NULL);
        CREATE TABLE due(bucket INTEGER NOT NULL, key BLOB NOT NULL, kind INTEGER NOT NULL, due_ms INTEGER NOT NULL, write_time INTEGER NOT NULL,
                         PRIMARY KEY (bucket, key, kind)) WITHOUT ROWID;
        """;

    /// <summary>Tables of the node's own file.</summary>
    public const string NodeTables = "CREATE TABLE blobs(name TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL);";

    /// <summary>Opens the file, creates its tables where it is new, and refuses a file that is not of this program and version.</summary>
    /// <exception cref="CorruptRowException">Another program's file, or tables of another version.</exception>
    public static SqliteConnection Open(string path, string tables, SqliteOptions options, int cacheMiB)
    {
        // Pooling would keep the file and its locks open after the store was closed.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            // The library's own retry loop on top of busy_timeout; 0 would mean for ever.
            DefaultTimeout = Math.Max(1, options.BusyTimeoutMs / 1000),
        }.ToString());
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = {Text(options.BusyTimeoutMs)}");
            Execute(connection, $"PRAGMA page_size = {Text(options.PageBytes)}");
            Prepare(connection, path, tables);
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, $"PRAGMA synchronous = {options.Synchronous.ToUpperInvariant()}");
            Execute(connection, $"PRAGMA cache_size = -{Text(cacheMiB * 1024L)}");
            // The writer copies the log back by itself, after the flush was answered.
            Execute(connection, "PRAGMA wal_autocheckpoint = 0");
            Execute(connection, "PRAGMA temp_store = MEMORY");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs SQL that answers nothing of interest.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this assembly's own; a pragma takes no parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static void Prepare(SqliteConnection connection, string path, string tables)
    {
        if (IsCurrent(connection, path)) return;
        Execute(connection, "PRAGMA journal_mode = WAL");
        // Not deferred: of two processes that start at once, the second waits here and then finds the tables.
        using var transaction = connection.BeginTransaction(deferred: false);
        if (IsCurrent(connection, path)) return;
        Execute(connection, tables);
        Execute(connection, $"PRAGMA application_id = {Text(ApplicationId)}");
        Execute(connection, $"PRAGMA user_version = {Text(SchemaVersion)}");
        transaction.Commit();
    }

    private static bool IsCurrent(SqliteConnection connection, string path)
    {
        var application = Number(connection, "PRAGMA application_id");
        var version = Number(connection, "PRAGMA user_version");
        if (application == ApplicationId && version == SchemaVersion) return true;
        if (application == ApplicationId)
            throw new CorruptRowException($"'{path}' has tables of version {Text(version)}; this program reads version {Text(SchemaVersion)}. Use the program that wrote it, or move the file away to have the state rebuilt from the topic.");
        if (application != 0 || version != 0 || Number(connection, "SELECT count(*) FROM sqlite_schema") != 0)
            throw new CorruptRowException($"'{path}' is a SQLite file of another program and is left alone");
        return false;
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
