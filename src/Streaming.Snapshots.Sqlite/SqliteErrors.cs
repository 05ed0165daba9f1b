using Microsoft.Data.Sqlite;
using SQLitePCL;
using Streaming.Core.Errors;

namespace Streaming.Snapshots.Sqlite;

/// <summary>Translates what SQLite and the file system answer into the engine's errors.</summary>
internal static class SqliteErrors
{
    /// <summary>True for the errors of a store call: anything else is a defect and goes through untouched.</summary>
    public static bool IsStoreError(Exception error) => error is SqliteException or IOException or UnauthorizedAccessException;

    /// <summary>Damaged files need a person; everything else (busy, full, I/O, permissions) may pass.</summary>
    public static EngineException Translate(Exception error, string file) => error switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB } e => new CorruptRowException(
            $"'{file}' is damaged or not a SQLite file ({e.Message}). Move it away: the shard's state is then rebuilt from its topic as far back as that reaches.", e),
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } e => new StoreUnavailableException(
            $"'{file}' is held by another process for longer than the busy timeout ({e.Message})", e),
        SqliteException { SqliteErrorCode: raw.SQLITE_FULL } e => new StoreUnavailableException($"the disk of '{file}' is full ({e.Message})", e),
        _ => new StoreUnavailableException($"'{file}' cannot be used: {error.Message}", error),
    };
}
