namespace Streaming.Faults.Engine;

/// <summary>
/// Looks at what each worker says of its shards, several times a second, and afterwards finds out whether one went on committing a partition that another had taken over
/// meanwhile.
/// </summary>
internal sealed class OwnerWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<ClusterNode, List<Look>> _looks;
    private readonly Task _looking;

    private OwnerWatch(IReadOnlyList<ClusterNode> workers)
    {
        _looks = workers.ToDictionary(w => w, _ => new List<Look>());
        _looking = Task.WhenAll(_looks.Select(l => LookAsync(l.Key, l.Value)));
    }

    /// <summary>Begins.</summary>
    public static OwnerWatch Start(IReadOnlyList<ClusterNode> workers) => new(workers);

    /// <summary>Whether a worker's committed position of a partition went up although another ran the partition by then. For after its end.</summary>
    /// <param name="since">The moment from which take-overs count.</param>
    /// <param name="partitions">How many there are.</param>
    public OwnerFindings Judge(DateTime since, int partitions)
    {
        var (trespasses, looks) = (new List<string>(), 0);
        foreach (var taker in _looks.Keys)
        {
            foreach (var former in _looks.Keys.Where(w => w != taker))
            {
                for (var partition = 0; partition < partitions; partition++)
                {
                    foreach (var taken in taker.Log.AllAfter(since, RunsText(partition)))
                    {
                        // It may have taken the partition back; before it says so, its committed position is already the other's.
                        var again = former.Log.FirstAfter(taken, RunsText(partition)) ?? DateTime.MaxValue;
                        var committed = _looks[former].Where(l => l.Begun >= taken && l.Ended < again).TakeWhile(l => l.Committed.ContainsKey(partition)).Select(l => l.Committed[partition]).ToList();
                        looks += committed.Count;
                        if (committed.Count > 0 && committed.Max() > committed[0]) trespasses.Add($"{former.Name} committed partition {partition} from {committed[0]} to {committed.Max()} after {taker.Name} ran it at {taken:HH:mm:ss.fff}");
                    }
                }
            }
        }

        return new OwnerFindings(trespasses, looks);
    }

    /// <summary>What a node logs once a shard of its does its work.</summary>
    public static string RunsText(int partition) => $"Shard {partition} runs";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        if (_looking.IsFaulted) await _looking; // who did not look found nothing
    }

    private async Task LookAsync(ClusterNode worker, List<Look> looks)
    {
        for (; ; await Task.Delay(Pause, _stop.Token))
        {
            // One that does not answer, perhaps because it ended and is started again, owns nothing that is known.
            var begun = DateTime.UtcNow;
            var status = await worker.Process.StatusAsync(_stop.Token);
            looks.Add(new Look(begun, DateTime.UtcNow, status is { } known ? ShardStates.CommittedOfRunning(known) : []));
        }
    }

    private sealed record Look(DateTime Begun, DateTime Ended, Dictionary<int, long> Committed);
}
