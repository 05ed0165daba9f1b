using System.Text;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Simulation.Checks;

/// <summary>
/// The durable due index: a profile whose row waits for a session's end, or for a churn check, is found by an entry in the bucket of that time. An entry too many is no finding, since the reader holds it against the row; one
/// that is missing is a session that never ends, of a user who never comes back, so that no other checker need notice.
/// </summary>
internal sealed class DueIndexCheck(World world)
{
    public void Run()
    {
        for (var p = 0; p < world.Plan.Partitions; p++)
        {
            var cells = world.Store.Shard(p);
            if (cells.ReadShard(isStale: false).Blob is not { } shardRow) continue;
            var bucketMs = ShardRowCodec.Decode(shardRow).BucketMs;
            var entries = cells.ReadDue(long.MinValue, long.MaxValue).Select(d => (d.Bucket, d.Kind, new UserKey(d.Key))).ToHashSet();
            foreach (var row in cells.Users())
            {
                var user = new UserRowCodec(new ItemDictionary()).Decode(row.Blob, new UserKey(row.Key));
                Check(p, user, DueKind.SessionEnd, user.IndexedSessionDueMs, bucketMs, entries);
                Check(p, user, DueKind.ChurnCheck, user.IndexedChurnDueMs, bucketMs, entries);
            }
        }
    }

    private void Check(int partition, UserState user, DueKind kind, long dueMs, long bucketMs, HashSet<(long, DueKind, UserKey)> entries)
    {
        if (dueMs == 0) return;
        var bucket = (long)Math.Floor((double)dueMs / bucketMs);
        if (!entries.Contains((bucket, kind, user.Key))) world.Fail(Checker.DueIndex, $"due index: the row of {Encoding.UTF8.GetString(user.Key.Bytes)} (partition {partition}) waits for {kind} at {dueMs} ms, but bucket {bucket} has no entry of it");
    }
}
