using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Core.Tests.Shard;

namespace Streaming.Core.Tests.Snapshot;

/// <summary>
/// Rows and internal records that versions 1 to 3 wrote, for ever: every later version reads them to the same meaning. The recorded files are never made again; a new format gets files of its own beside them
/// (<c>STREAMING_WRITE_GOLDEN=FOLDER</c> writes what this version would record).
/// </summary>
public sealed class GoldenRowTests
{
    [Fact]
    public void User_rows_of_version_1_mean_what_they_meant()
    {
        var expected = File.ReadAllLines(Path.Combine(ShardSamples.Folder, "user-rows-v1.expected.txt"));
        Assert.Equal(expected, File.ReadAllLines(Path.Combine(ShardSamples.Folder, "user-rows-v1.txt")).Select(Describe));
    }

    [Fact]
    public void User_rows_of_version_2_mean_what_they_meant()
    {
        var lines = File.ReadAllLines(Path.Combine(ShardSamples.Folder, "user-rows-v2.txt"));
        Assert.Equal(File.ReadAllLines(Path.Combine(ShardSamples.Folder, "user-rows-v2.expected.txt")), lines.Select(Describe));
        Assert.All(lines, line => Assert.Equal(2, Convert.FromBase64String(line.Split('\t')[1])[1]));
    }

    [Fact]
    public void User_rows_of_version_3_mean_what_they_meant()
    {
        var lines = File.ReadAllLines(Path.Combine(ShardSamples.Folder, "user-rows-v3.txt"));
        Assert.Equal(File.ReadAllLines(Path.Combine(ShardSamples.Folder, "user-rows-v3.expected.txt")), lines.Select(Describe));
        Assert.Equal(20, lines.Length);
        Assert.All(lines, line => Assert.Equal(3, Convert.FromBase64String(line.Split('\t')[1])[1]));
    }

    [Fact]
    public void Link_records_of_version_2_are_read()
    {
        var lines = ShardSamples.Lines("links-v2.jsonl");
        Assert.Contains(lines, line => LinkJson.Read(line) is { LinkedAtMs: not null });
        foreach (var line in lines) Assert.Equal(Encoding.UTF8.GetString(line), JsonSerializer.Serialize(LinkJson.Read(line), ContractsJson.Default.LinkDelta));
    }

    [Fact]
    public void Shard_rows_of_version_1_mean_what_they_meant()
    {
        var rows = File.ReadAllLines(Path.Combine(ShardSamples.Folder, "shard-rows-v1.txt"));
        Assert.Equal(8, rows.Length);
        for (var n = 0; n < rows.Length; n++)
        {
            var content = ShardRowCodec.Decode(Convert.FromBase64String(rows[n]));
            Assert.Equal((41 + n, new ShardOffsets(100 + n, 7, 3), 1_700_000_000_000 + n, 5 + n), (content.Sequence, content.Position, content.StreamTimeMs, content.ControlOffset));
            Assert.Equal((n % 2 == 0, n * 1000L, n % 3, n % 4, n), (content.Historical, content.OutputsFromMs, content.Settings.Count, content.Tables.Count, content.AppliedRequests.Count));
            Assert.Equal(n > 4 ? ["recommendations"] : [], content.Paused);
        }
    }

    [Fact]
    public void Shard_rows_of_version_2_mean_what_they_meant()
    {
        var rows = File.ReadAllLines(Path.Combine(ShardSamples.Folder, "shard-rows-v2.txt"));
        Assert.Equal(8, rows.Length);
        for (var n = 0; n < rows.Length; n++)
        {
            var row = Convert.FromBase64String(rows[n]);
            var content = ShardRowCodec.Decode(row);
            Assert.Equal((2, (n + 1) * 60_000L, n), (row[1], content.BucketMs, content.AppliedRequests.Count));
        }
    }

    [Fact]
    public void Shard_rows_of_version_3_mean_what_they_meant()
    {
        var rows = File.ReadAllLines(Path.Combine(ShardSamples.Folder, "shard-rows-v3.txt"));
        Assert.Equal(8, rows.Length);
        for (var n = 0; n < rows.Length; n++)
        {
            var row = Convert.FromBase64String(rows[n]);
            var content = ShardRowCodec.Decode(row);
            Assert.Equal((3, (n + 1) * 60_000L, n, 20_000L - n, n + 1), (row[1], content.BucketMs, content.AppliedRequests.Count, content.BudgetDay, content.BudgetSpent));
        }
    }

    [Fact]
    public void Shard_row_has_the_lowest_version_that_holds_it()
    {
        Assert.All(ShardSamples.Rows(), row => Assert.Equal((1, ShardRowCodec.FirstBucketMs), (row[1], ShardRowCodec.Decode(row).BucketMs)));
        Assert.All(ShardSamples.RowsOfVersion2(), row => Assert.Equal(2, row[1]));
        Assert.All(ShardSamples.RowsOfVersion3(), row => Assert.Equal(3, row[1]));
    }

    [Fact]
    public void Batch_records_of_version_1_are_read()
    {
        foreach (var line in ShardSamples.Lines("control-v1.jsonl"))
        {
            var batch = ControlJson.ReadBatch(line);
            Assert.NotNull(batch);
            Assert.Equal(Encoding.UTF8.GetString(line), JsonSerializer.Serialize(batch, ContractsJson.Default.ControlBatch));
        }
    }

    [Fact]
    public void Link_records_of_version_1_are_read()
    {
        foreach (var line in ShardSamples.Lines("links-v1.jsonl"))
            Assert.Equal(Encoding.UTF8.GetString(line), JsonSerializer.Serialize(LinkJson.Read(line), ContractsJson.Default.LinkDelta));
    }

    [Fact]
    public void Session_records_of_version_1_are_read()
    {
        foreach (var line in ShardSamples.Lines("sessions-v1.jsonl"))
            Assert.Equal(Encoding.UTF8.GetString(line), JsonSerializer.Serialize(JsonSerializer.Deserialize(line, ContractsJson.Default.ClosedSession), ContractsJson.Default.ClosedSession));
    }

    [Fact]
    public async Task This_version_s_records_are_written_where_asked()
    {
        var folder = Environment.GetEnvironmentVariable("STREAMING_WRITE_GOLDEN");
        Assert.SkipWhen(folder is null, "only where STREAMING_WRITE_GOLDEN names a folder");
        var h = new ShardHarness(partitions: 2);
        ShopTraffic.Append(h.Kafka, 300, 5);
        foreach (var partition in (int[])[0, 1, 0, 1])
        {
            await using var shard = await h.OpenAsync(partition);
            await h.RunToEndAsync(shard);
        }

        File.WriteAllLines(Path.Combine(folder!, "control-v1.jsonl"), h.Kafka.Batches().Select(b => JsonSerializer.Serialize(b, ContractsJson.Default.ControlBatch)).Where((_, i) => i % 3 == 0));
        File.WriteAllLines(Path.Combine(folder!, "links-v2.jsonl"), h.Kafka.CommittedAll("links"));
        File.WriteAllLines(Path.Combine(folder!, "sessions-v1.jsonl"), h.Kafka.CommittedAll("sessions").Take(20));
        File.WriteAllLines(Path.Combine(folder!, "shard-rows-v1.txt"), ShardSamples.Rows().Select(Convert.ToBase64String));
        File.WriteAllLines(Path.Combine(folder!, "shard-rows-v2.txt"), ShardSamples.RowsOfVersion2().Select(Convert.ToBase64String));
        File.WriteAllLines(Path.Combine(folder!, "shard-rows-v3.txt"), ShardSamples.RowsOfVersion3().Select(Convert.ToBase64String));
        var rows = new List<string>();
        for (var seed = 0; seed < 60; seed++)
        {
            var items = new ItemDictionary();
            var user = UserSamples.Make(seed, items);
            if (seed >= 20) (user.LinkedAtMs, user.ErasedAtMs) = (seed % 3 == 0 ? 0 : 1_700_000_000_000 + seed, seed % 3 == 1 ? 0 : 1_700_000_500_000 - seed);
            if (seed >= 40) user.AlertedAtMs = 1_800_000_000_000 + seed;
            rows.Add(Encoding.UTF8.GetString(user.Key.Bytes) + "\t" + Convert.ToBase64String(UserSamples.Encode(user, items)));
        }

        await using var store = await h.Store.OpenShardAsync(0, TestContext.Current.CancellationToken);
        await foreach (var user in store.ReadAllUsersAsync(TestContext.Current.CancellationToken)) rows.Add(Encoding.UTF8.GetString(user.Key) + "\t" + Convert.ToBase64String(user.Blob));
        foreach (var (version, of) in rows.ToLookup(row => Convert.FromBase64String(row.Split('\t')[1])[1]).Select(g => (g.Key, g)))
        {
            File.WriteAllLines(Path.Combine(folder!, $"user-rows-v{version}.txt"), of);
            File.WriteAllLines(Path.Combine(folder!, $"user-rows-v{version}.expected.txt"), of.Select(Describe));
        }
    }

    private static string Describe(string line)
    {
        var parts = line.Split('\t');
        var items = new ItemDictionary();
        var user = new UserRowCodec(items).Decode(Convert.FromBase64String(parts[1]), new UserKey(Encoding.UTF8.GetBytes(parts[0])));
        return UserText.Of(user, items);
    }
}
