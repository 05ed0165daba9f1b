using Microsoft.Data.Sqlite;
using Streaming.Snapshots.Sqlite;
using Xunit;

namespace Streaming.Host.Tests.Audit;

/// <summary>A byte of a profile changes in the store's file: the profile is built anew from the topics, and a second implementation of the fold agrees with what is left.</summary>
public sealed class DamagedFileTests
{
    [Theory]
    [InlineData("UPDATE users SET blob = CAST(substr(blob, 1, 20) || x'5A' || substr(blob, 22) AS BLOB) WHERE CAST(key AS TEXT) IN ('u:u1', 'u:u4')")]
    [InlineData("UPDATE users SET blob = substr(blob, 1, length(blob) - 9) WHERE CAST(key AS TEXT) IN ('u:u1', 'u:u4')")]
    public async Task Byte_flipped_or_cut_off_by_SQL_is_refused_and_the_profile_rebuilt(string damage)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("streaming-damaged-").FullName;
        await using (var store = new SqliteSnapshotStore(new SqliteOptions { Folder = folder }))
        {
            await store.PrepareAsync(cancellation);
            var engine = new EngineHarness(partitions: 1) { Store = store };
            Send(engine, "a");
            await engine.DrainAsync();
            await engine.HandOffAsync();
            await engine.CloseAsync();
            Assert.Equal(2, await ExecuteAsync(Path.Combine(folder, "shard-00000.db"), damage, cancellation));
            Assert.False((await engine.AuditAsync()).Consistent, "the damage was none");

            Send(engine, "b");
            var parked = 0;
            for (var n = 0; n < 60; n++)
            {
                await engine.StepAsync(0);
                parked = Math.Max(parked, engine.Parked(0));
            }

            Assert.Equal(2, parked);
            Assert.Equal(0, engine.Parked(0));
            await engine.DrainAsync();
            await engine.HandOffAsync();
            var audit = await engine.AuditAsync();
            Assert.True(audit.Consistent, string.Join("; ", audit.Problems));
            await engine.CloseAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void Send(EngineHarness engine, string prefix)
    {
        for (var i = 0; i < 60; i++)
        {
            var at = engine.Topics.NowMs - 60_000 + (i * 10);
            engine.Send($"u{i % 6}", $$"""{"eventId":"{{prefix}}{{i}}","type":"{{(i % 7 == 0 ? "add_to_cart" : "view")}}","userId":"u{{i % 6}}","itemId":"i{{i % 11}}","occurredAt":{{at}}}""");
        }
    }

    private static async Task<int> ExecuteAsync(string path, string sql, CancellationToken cancellation)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
