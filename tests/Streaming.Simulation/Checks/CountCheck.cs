using System.Text;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;
using Streaming.Simulation.Workload;

namespace Streaming.Simulation.Checks;

/// <summary>
/// The simplest oracle, which shares nothing with either fold: the shop counts what it sent. It speaks of profiles that no guest was ever linked to, since deltas come from other partitions.
/// </summary>
internal sealed class CountCheck(World world, Shop shop)
{
    public void Run()
    {
        var linked = shop.Log.SelectMany(log => log).Where(s => s.Linked is not null).SelectMany(s => (string[])[s.Linked!, s.User!]).ToHashSet(StringComparer.Ordinal);
        for (var p = 0; p < world.Plan.Partitions; p++)
        {
            var rows = world.Store.Shard(p).Users().ToDictionary(u => Encoding.UTF8.GetString(u.Key), u => u.Blob, StringComparer.Ordinal);
            foreach (var group in shop.Log[p].Where(s => s.User is not null && !linked.Contains(s.User)).GroupBy(s => s.User!)) Check(p, group.Key, group, rows);
        }
    }

    private void Check(int partition, string user, IEnumerable<Sent> events, Dictionary<string, byte[]> rows)
    {
        if (!rows.TryGetValue(user, out var row))
        {
            world.Fail($"count: {user} (partition {partition}) has no row");
            return;
        }

        var (count, isErased) = Count(events);
        var state = new UserRowCodec(new ItemDictionary()).Decode(row, new UserKey(Encoding.UTF8.GetBytes(user)));
        if (state.EventCount != count) world.Fail($"count: {user} (partition {partition}) holds {state.EventCount} events, the shop sent {count} since the last erasure");
        if (state.IsErased != isErased) world.Fail($"count: {user} (partition {partition}) is {(state.IsErased ? "" : "not ")}erased; the shop's last word was {(isErased ? "" : "not ")}to erase");
        if (isErased && (state.RingCount > 0 || state.Purchases.Lines > 0 || state.BoughtCount > 0)) world.Fail($"count: {user} (partition {partition}) was erased and still holds something");
    }

    private (long Count, bool IsErased) Count(IEnumerable<Sent> events)
    {
        var window = new Queue<string>();
        long count = 0;
        var isErased = false;
        foreach (var sent in events)
        {
            if (sent.Type == EventType.Erase)
            {
                (count, isErased) = (0, true);
                window.Clear();
                continue;
            }

            if (sent.EventId is { } id)
            {
                if (window.Contains(id)) continue;
                window.Enqueue(id);
                if (window.Count > world.Plan.Fold.DuplicateWindow) window.Dequeue();
            }

            count++;
            isErased = false;
        }

        return (count, isErased);
    }
}
