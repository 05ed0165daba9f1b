using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;
using Streaming.Faults.Servers;
using Streaming.Faults.Workload;

namespace Streaming.Faults.Cases;

/// <summary>
/// The network between members of the cluster is split; each still reaches the broker and the store. Round by round: 1 cut, 2 see the losing side's partitions taken over and
/// its members end by themselves, 3 heal, 4 start those that ended as their supervisor would, 5 see every partition run and give outputs again. Throughout, nobody may commit
/// a partition that another took over.
/// </summary>
internal sealed class SplitCase : FaultCase
{
    // The first witness has the lowest address: it decides between two halves.
    private const int WitnessHost = 11, WorkerHost = 12;

    // Where the winner is not certain: members that have not ended by then, once the first did, are taken to live on.
    private static readonly TimeSpan LivesOn = TimeSpan.FromSeconds(20);
    private readonly Spread _marked = new(), _runs = new(), _output = new(), _stopped = new(), _both = new(), _ended = new(), _settled = new(), _healed = new();
    private OwnerFindings _owners = OwnerFindings.None;
    private int _fenced, _endedCount, _starts, _outputs;

    /// <summary>Who no longer hears whom.</summary>
    public required SplitShape Shape { get; init; }

    /// <summary>Whether one side goes on and takes the other's partitions. Where all end instead, nobody takes anything from an owner that lives, and no such claim is made.</summary>
    private bool HasHeir => Shape is SplitShape.Isolated or SplitShape.OneWay or SplitShape.Half;

    /// <summary>Splits.</summary>
    public required int Rounds { get; init; }

    /// <summary>Greatest median until the first output of a partition that was taken over that passes, s.</summary>
    public double BarSeconds { get; init; } = 10;

    /// <summary>Time that membership must be quiet before a worker decides a split, s; null: as by default. The witnesses, of which the winning side has one, decide as by default.</summary>
    public int? WorkersDecideAfterSeconds { get; init; }

    /// <summary>How long the split lasts on after members ended, s; meanwhile each is started again as often as it ends. 0: it is healed at once.</summary>
    public int SupervisedSeconds { get; init; }

    /// <inheritdoc/>
    public override async Task<KafkaBrokers> StartBrokersAsync(ServerScripts servers, CancellationToken cancellation)
    {
        await servers.BridgedBroker.RemoveAsync(cancellation); // of a run that was killed
        servers.Network.Open();
        await servers.BridgedBroker.UpAsync(cancellation);
        return servers.BridgedBroker;
    }

    /// <inheritdoc/>
    public override async Task StopBrokersAsync(ServerScripts servers, CancellationToken cancellation)
    {
        await servers.BridgedBroker.RemoveAsync(cancellation);
        servers.Network.Close();
    }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        run.Bootstrap = run.Servers.BridgedAddress;
        // The store's node listens on the loopback alone; at the bridge a proxy takes its place, which nobody is cut off from.
        await using var store = Store == StoreKind.Cassandra ? new CqlProxy(run.Options.CassandraProxyPort, run.Options.CassandraPort, run.Servers.Network.Gateway) : null;
        if (store is not null) run.StoreAddress = string.Create(CultureInfo.InvariantCulture, $"{run.Servers.Network.Gateway}:{run.Options.CassandraProxyPort}");
        await run.Feeder.StartAsync(cancellation);
        await using (var outputs = await OutputWatch.StartAsync(run.Bootstrap, run.Prefix, run.Options.Partitions, cancellation))
        using (var cluster = run.Cluster(Nodes(run)))
        {
            if (!await cluster.StartAsync(run.Options.Patience, cancellation)) run.Fail("the cluster did not come up");
            for (var round = 1; round <= run.AtMost(Rounds) && run.Failures.Count == 0; round++) await SplitAsync(run, cluster, outputs, round, cancellation);
            run.Figures["members removed without cause and started again"] = cluster.Restarts;
        }

        Report(run);
        return await run.JudgeAsync(cancellation);
    }

    private List<ClusterNode> Nodes(CaseRun run)
    {
        string[]? slow = WorkersDecideAfterSeconds is { } seconds ? ["--set", $"Cluster:StableAfter={seconds}s"] : null;
        ClusterNode Node(string name, int host, bool isWitness) => new(name, run.Servers.Network.Add(host), run.Options.ClusterPort, isWitness, isWitness ? null : slow);
        List<ClusterNode> nodes = [Node("worker-1", WorkerHost, isWitness: false), Node("worker-2", WorkerHost + 1, isWitness: false), Node("witness-1", WitnessHost, isWitness: true)];
        if (Shape == SplitShape.Half) nodes.Add(Node("witness-2", WorkerHost + 2, isWitness: true));
        return nodes;
    }

    // Owners are watched until all are together again: the partitions that come back are taken from an owner that lives.
    private async Task SplitAsync(CaseRun run, EngineCluster cluster, OutputWatch outputs, int round, CancellationToken cancellation)
    {
        var (at, owners) = (DateTime.UtcNow + TimeSpan.FromMilliseconds(run.Random.Next(500, 2500)), OwnerWatch.Start(cluster.Workers));
        try
        {
            await Task.Delay(at - DateTime.UtcNow, cancellation);
            await SplitAsync(run, cluster, outputs, at, round, cancellation);
        }
        finally
        {
            await owners.DisposeAsync();
        }

        var findings = owners.Judge(at, run.Options.Partitions);
        _owners += findings;
        foreach (var trespass in findings.Trespasses) run.Fail($"split {round}: {trespass}");
    }

    private async Task SplitAsync(CaseRun run, EngineCluster cluster, OutputWatch outputs, DateTime at, int round, CancellationToken cancellation)
    {
        var split = Split.Of(Shape, cluster, round);
        var lost = await PartitionsAsync(split.Losers, cancellation);
        List<ClusterNode> ended;
        try
        {
            foreach (var (from, to) in split.Cuts) run.Servers.Network.Drop(from.Place, to.Place); // 1
            if (split.Heir is { } heir) await TakenOverAsync(run, split, heir, lost, outputs, at, round, cancellation); // 2
            ended = await EndedAsync(run, cluster, split, at, round, cancellation);
            if (SupervisedSeconds > 0 && run.Failures.Count == 0) ended = await SuperviseAsync(run, cluster, outputs, round, cancellation);
        }
        finally
        {
            run.Servers.Network.Heal(); // 3
        }

        var healed = DateTime.UtcNow;
        Judge(run, cluster, split, lost, at, round);
        if (run.Failures.Count > 0) return;
        foreach (var node in ended) cluster.Start(node); // 4
        if (!await cluster.SettleAsync(run.Options.Patience, cancellation)) // 5
        {
            run.Fail($"split {round}: after it was healed the members did not come together with all partitions");
            return;
        }

        var settled = DateTime.UtcNow;
        _settled.Add(settled - healed);
        for (var partition = 0; partition < run.Options.Partitions; partition++)
        {
            if (await outputs.FirstAfterAsync(partition, healed, run.Options.Patience, cancellation) is { } first) _healed.Add(first - healed);
            else run.Fail($"split {round}: partition {partition} gives no output after it was healed");
        }

        run.Fault(string.Create(CultureInfo.InvariantCulture,
            $"split {round}: {split.Text} for {(healed - at).TotalSeconds:0.0} s; {(ended.Count == 0 ? "nobody" : string.Join(", ", ended.Select(n => n.Name)))} ended; all together again {(settled - healed).TotalSeconds:0.0} s after it was healed"));
    }

    private static async Task<int[]> PartitionsAsync(IEnumerable<ClusterNode> nodes, CancellationToken cancellation)
    {
        List<int> partitions = [];
        foreach (var node in nodes.Where(n => !n.IsWitness))
            if (await node.Process.StatusAsync(cancellation) is { } status) partitions.AddRange(ShardStates.RunningPartitions(status));
        return [.. partitions];
    }

    private async Task TakenOverAsync(CaseRun run, Split split, ClusterNode heir, int[] lost, OutputWatch outputs, DateTime at, int round, CancellationToken cancellation)
    {
        if (lost.Length == 0) run.Fail($"split {round}: the losing side runs no shard");
        foreach (var partition in lost)
        {
            if (await TakeOver.WaitAsync(heir, outputs, partition, at, run.Options.Patience, cancellation) is not { Runs: { } runs, Output: { } output })
            {
                run.Fail($"split {round}, {split.Text}: partition {partition} does not go on elsewhere");
                return;
            }

            _runs.Add(runs - at);
            _output.Add(output - at);
        }
    }

    // Who ended by itself: the losers; of a split without certain losers, whoever did.
    private async Task<List<ClusterNode>> EndedAsync(CaseRun run, EngineCluster cluster, Split split, DateTime at, int round, CancellationToken cancellation)
    {
        var end = at + run.Options.Patience;
        while (DateTime.UtcNow < end && !(split.Losers.Count > 0 ? split.Losers.All(n => n.HasEnded) : cluster.Nodes.All(n => n.HasEnded)))
        {
            await Task.Delay(100, cancellation);
            if (split.Losers.Count == 0 && cluster.Nodes.Any(n => n.HasEnded) && DateTime.UtcNow + LivesOn < end) end = DateTime.UtcNow + LivesOn;
        }

        var ended = cluster.Nodes.Where(n => n.HasEnded).ToList();
        foreach (var node in ended)
        {
            _ended.Add(node.Process.EndedAt - at);
            run.Log(string.Create(CultureInfo.InvariantCulture, $"split {round}: {node.Name} ended with {node.Process.ExitCode} {(node.Process.EndedAt - at).TotalSeconds:0.0} s after the cut"));
        }

        _endedCount += ended.Count;
        // A supervisor that starts again what failed leaves alone what says that it is done.
        foreach (var node in ended.Where(n => n.Process.ExitCode == 0)) run.Fail($"split {round}, {split.Text}: {node.Name} ended as if its work were done");
        foreach (var node in split.Losers.Except(ended)) run.Fail($"split {round}, {split.Text}: {node.Name} did not end by itself");
        foreach (var node in split.Losers.Count > 0 ? ended.Except(split.Losers) : []) run.Fail($"split {round}, {split.Text}: {node.Name}, of the winning side, ended");
        if (ended.Count == 0) run.Fail($"split {round}, {split.Text}: nobody decided anything");
        return ended;
    }

    private async Task<List<ClusterNode>> SuperviseAsync(CaseRun run, EngineCluster cluster, OutputWatch outputs, int round, CancellationToken cancellation)
    {
        var (begin, starts) = (DateTime.UtcNow, 0);
        for (var end = begin + TimeSpan.FromSeconds(SupervisedSeconds); DateTime.UtcNow < end; await Task.Delay(TimeSpan.FromSeconds(1), cancellation))
        {
            foreach (var node in cluster.Nodes.Where(n => n.HasEnded))
            {
                cluster.Start(node);
                starts++;
            }
        }

        var alive = Enumerable.Range(0, run.Options.Partitions).Count(p => outputs.LastBefore(p, DateTime.UtcNow) > begin);
        _starts += starts;
        _outputs += alive;
        run.Log($"split {round}: members were started {starts} times while it lasted on for {SupervisedSeconds} s; {alive} of {run.Options.Partitions} partitions gave outputs meanwhile");
        return [.. cluster.Nodes.Where(n => n.HasEnded)];
    }

    private void Judge(CaseRun run, EngineCluster cluster, Split split, int[] lost, DateTime at, int round)
    {
        if (cluster.Nodes.Min(n => n.Log.FirstAfter(at, NodeLog.Unreachable)) is { } marked) _marked.Add(marked - at);
        else run.Fail($"split {round}: nobody noticed it");
        for (var partition = 0; partition < run.Options.Partitions; partition++)
            _fenced += cluster.Workers.Sum(w => w.Log.AllAfter(at, $"Shard {partition} was fenced").Count);
        if (split.Heir is not { } heir) return;
        var loser = split.Losers.Single(n => !n.IsWitness);
        var end = loser.HasEnded ? loser.Process.EndedAt : DateTime.UtcNow;
        foreach (var partition in lost)
        {
            var stopped = loser.Log.FirstAfter(at, $"Shard {partition} committed, flushed and handed off", $"Shard {partition} had to stop", $"Shard {partition} was fenced") ?? end;
            _stopped.Add(stopped - at);
            foreach (var takes in OwnerJudge.Takes(heir.Log, at, partition).Take(1)) _both.Add(stopped > takes ? stopped - takes : TimeSpan.Zero);
        }
    }

    private void Report(CaseRun run)
    {
        _marked.Into(run.Figures, "cut until a node is marked unreachable");
        _runs.Into(run.Figures, "cut until a lost partition runs on the other side");
        _output.Into(run.Figures, "cut until the first output of a lost partition");
        _stopped.Into(run.Figures, "cut until its former shard stopped");
        _both.Into(run.Figures, "the heir began to take over until its former shard stopped");
        _ended.Into(run.Figures, "cut until a member ended by itself");
        _settled.Into(run.Figures, "healed until all are together with their even part");
        _healed.Into(run.Figures, "healed until the next output of a partition");
        run.Figures["members that ended by themselves"] = _endedCount;
        run.Figures["shards fenced"] = _fenced;
        if (SupervisedSeconds > 0) (run.Figures["members started again before it was healed"], run.Figures["partitions that gave outputs meanwhile, all splits together"]) = (_starts, _outputs);
        if (HasHeir) _owners.Into(run);
        if (WorkersDecideAfterSeconds is not null && _fenced == 0) run.Fail("no former owner was fenced");
        if (WorkersDecideAfterSeconds is not null && _owners.LooksAtClaimants == 0) run.Fail("no former owner was looked at between its heir's take-over and its own end: nothing shows that it committed nothing then");
        if (_output.Percentile(50) > BarSeconds) run.Fail(string.Create(CultureInfo.InvariantCulture, $"the median of {_output.Percentile(50):0.0} s is above {BarSeconds:0.0} s"));
    }
}
