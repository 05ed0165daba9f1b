namespace Streaming.Faults.Engine;

/// <summary>
/// Looks at what each worker says of its shards, several times a second, and afterwards finds out whether one went on committing a partition that another had taken over
/// meanwhile.
/// </summary>
internal sealed class OwnerWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<ClusterNode, List<OwnerLook>> _looks;
    private readonly Task _looking;

    private OwnerWatch(IReadOnlyList<ClusterNode> workers)
    {
        _looks = workers.ToDictionary(w => w, _ => new List<OwnerLook>());
        _looking = Task.WhenAll(_looks.Select(l => LookAsync(l.Key, l.Value)));
    }

    /// <summary>Begins.</summary>
    public static OwnerWatch Start(IReadOnlyList<ClusterNode> workers) => new(workers);

    /// <summary>Whether a worker went on with a partition that another had taken. For after its end.</summary>
    /// <param name="since">The moment from which take-overs count.</param>
    /// <param name="partitions">How many there are.</param>
    public OwnerFindings Judge(DateTime since, int partitions) => OwnerJudge.Judge([.. _looks.Select(l => new WatchedOwner(l.Key.Name, l.Key.Log, l.Value))], since, partitions);

    /// <summary>What a node logs once a shard of its does its work.</summary>
    public static string RunsText(int partition) => $"Shard {partition} runs";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        if (_looking.IsFaulted) await _looking; // who did not look found nothing
    }

    private async Task LookAsync(ClusterNode worker, List<OwnerLook> looks)
    {
        for (; ; await Task.Delay(Pause, _stop.Token))
        {
            // One that does not answer, perhaps because it ended and is started again, says nothing of what it owns.
            var (begun, process) = (DateTime.UtcNow, worker.Process);
            var status = await process.StatusAsync(_stop.Token);
            looks.Add(new OwnerLook(begun, DateTime.UtcNow, status is { } known ? ShardStates.CommittedOfRunning(known) : null, process.Id));
        }
    }
}
