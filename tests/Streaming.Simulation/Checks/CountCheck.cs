using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Shard;
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
            var windows = SettingsFacts.Of(world.Broker.Log(OutputTopic.Control, p)).Select(f => (f.Before, Length: Window(f.Value))).ToList();
            foreach (var group in shop.Log[p].Where(s => s.User is not null && !linked.Contains(s.User)).GroupBy(s => s.User!)) Check(p, group.Key, group, rows, windows);
        }
    }

    private void Check(int partition, string user, IEnumerable<Sent> events, Dictionary<string, byte[]> rows, List<(long Before, int Length)> windows)
    {
        if (!rows.TryGetValue(user, out var row))
        {
            world.Fail(Checker.Count, $"count: {user} (partition {partition}) has no row");
            return;
        }

        var (count, isErased) = Count(events, windows);
        var state = new UserRowCodec(new ItemDictionary()).Decode(row, new UserKey(Encoding.UTF8.GetBytes(user)));
        if (state.EventCount != count) world.Fail(Checker.Count, $"count: {user} (partition {partition}) holds {state.EventCount} events, the shop sent {count} since the last erasure");
        if (state.IsErased != isErased) world.Fail(Checker.Count, $"count: {user} (partition {partition}) is {(state.IsErased ? "" : "not ")}erased; the shop's last word was {(isErased ? "" : "not ")}to erase");
        if (isErased && (state.RingCount > 0 || state.Purchases.Lines > 0 || state.BoughtCount > 0)) world.Fail(Checker.Count, $"count: {user} (partition {partition}) was erased and still holds something");
    }

    private static int Window(string settings)
    {
        using var json = JsonDocument.Parse(settings);
        return json.RootElement.GetProperty("fold").GetProperty("duplicateWindow").GetInt32();
    }

    private static (long Count, bool IsErased) Count(IEnumerable<Sent> events, List<(long Before, int Length)> windows)
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
            }

            // A shorter window drops its oldest at the next event that is no repeat.
            for (var length = windows.Last(w => w.Before <= sent.Offset).Length; window.Count > length;) window.Dequeue();

            count++;
            isErased = false;
        }

        return (count, isErased);
    }
}
