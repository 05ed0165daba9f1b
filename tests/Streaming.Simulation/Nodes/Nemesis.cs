using Streaming.Simulation.Kernel;
using Streaming.Simulation.Store;

namespace Streaming.Simulation.Nodes;

/// <summary>Everything bad that can happen to nodes, broker, store and clocks, at times that the seed chooses; and the end of it.</summary>
internal sealed class Nemesis(World world)
{
    private readonly Node[] _nodes = new Node[world.Plan.Nodes];
    private readonly int[] _owners = new int[world.Plan.Partitions];
    private readonly Rng _rng = world.Faults;
    private NodeSettings _settings = world.Plan.Settings;

    public IEnumerable<Node> Nodes => _nodes;

    /// <summary>Starts the nodes, grants every partition to one, and lays the storm out.</summary>
    public void Begin()
    {
        for (var n = 0; n < _nodes.Length; n++) _nodes[n] = NewNode(n);
        for (var p = 0; p < world.Plan.Partitions; p++) _nodes[_rng.Below(_nodes.Length)].Grant(p);
        world.BrokerWire.Faults = world.StoreWire.Faults = world.Plan.Wire;
        world.Store.StaleShardReads = world.Plan.StaleShardReads * (world.Plan.Violence > 0 ? 1 : 0);
        if ((world.Classes & FaultClasses.StaleRows) != 0 && world.Plan.RemembersAllRows) world.Store.StaleUserReads = world.Plan.Violence * 0.4;
        if ((world.Classes & FaultClasses.CorruptRows) != 0) world.Store.CorruptUserReads = world.Plan.Violence * 0.06;
        world.Broker.MarkerLoss = world.Plan.MarkerLoss * world.Plan.Violence;
        world.Broker.HeldEnds = world.Plan.HeldEnds * world.Plan.Violence;
        var troubles = (int)(world.Plan.Violence * world.Plan.StormUs / 320_000);
        for (var i = 0; i < troubles; i++) world.Scheduler.After(_rng.Between(0, world.Plan.StormUs), Label.Nemesis, null, Strike);
        foreach (var change in world.Plan.SettingsChanges) world.Scheduler.After(change.AtUs, Label.Nemesis, null, () => RollOut(change));
    }

    /// <summary>Ends the storm: everything works from now on, and each partition has one owner.</summary>
    public void Heal()
    {
        world.IsCalm = true;
        world.BrokerWire.Faults = world.StoreWire.Faults = WireFaults.None;
        world.Store.StaleShardReads = world.Store.StaleUserReads = world.Store.CorruptUserReads = 0;
        world.Broker.MarkerLoss = world.Broker.HeldEnds = 0;
        world.Broker.DownUntilUs = world.Store.DownUntilUs = world.Store.SlowUntilUs = 0;
        for (var n = 0; n < _nodes.Length; n++)
        {
            _nodes[n].Process.PausedUntilUs = 0;
            if (!_nodes[n].Process.IsAlive) _nodes[n] = NewNode(n);
        }

        for (var p = 0; p < _owners.Length; p++) _owners[p] = _rng.Below(_nodes.Length);
        foreach (var node in _nodes)
        {
            foreach (var (partition, run) in node.Runs.ToArray())
            {
                if (_owners[partition] != node.Number) run.Drain(10_000_000);
            }
        }
    }

    /// <summary>The owners of the time after the storm; granted anew where a run is still ending.</summary>
    public IEnumerable<ShardRun?> Owners()
    {
        for (var p = 0; p < _owners.Length; p++)
        {
            var node = _nodes[_owners[p]];
            node.Grant(p);
            yield return node.Runs.GetValueOrDefault(p);
        }
    }

    private void Strike()
    {
        if (world.IsCalm) return;
        var node = _nodes[_rng.Below(_nodes.Length)];
        switch (_rng.Below(20))
        {
            case < 4:
                Crash(node);
                break;
            case < 6:
                world.Stats.Pauses++;
                node.Process.PausedUntilUs = world.Scheduler.NowUs + _rng.Between(100_000, 9_000_000);
                world.Say($"n{node.Number} is paused until {node.Process.PausedUntilUs / 1e6:F3}");
                break;
            case < 11:
                Move(node, _rng.Below(world.Plan.Partitions));
                break;
            case < 13 when _rng.Chance(0.3):
                world.Stats.SlowPhases++;
                world.Store.SlowUntilUs = world.Scheduler.NowUs + _rng.Between(500_000, 8_000_000);
                world.Store.SlowParts = _rng.Pick(StoreParts.All, StoreParts.All, StoreParts.Users, StoreParts.Users, StoreParts.Due, StoreParts.Blobs, StoreParts.Shards, StoreParts.Writes);
                world.Store.SlowUs = _rng.Between(20_000, 5_000_000);
                world.Say($"the store is slow ({world.Store.SlowParts}) by {world.Store.SlowUs / 1e6:F3} s until {world.Store.SlowUntilUs / 1e6:F3}");
                break;
            case < 13:
                world.Stats.StoreOutages++;
                if (_rng.Chance(0.35))
                {
                    DeferAndCrash();
                    break;
                }

                world.Store.DownUntilUs = world.Scheduler.NowUs + _rng.Between(100_000, 4_000_000);
                world.Store.DownParts = _rng.Pick(StoreParts.All, StoreParts.All, StoreParts.Due, StoreParts.Due | StoreParts.Writes, StoreParts.Users, StoreParts.Writes, StoreParts.Writes, StoreParts.Blobs, StoreParts.Shards);
                world.Say($"the store is away ({world.Store.DownParts}) until {world.Store.DownUntilUs / 1e6:F3}");
                if (_rng.Chance(0.3)) world.Scheduler.After(_rng.Between(0, world.Store.DownUntilUs - world.Scheduler.NowUs), Label.Nemesis, null, () => Crash(node));
                break;
            case < 14:
                world.Stats.BrokerOutages++;
                world.Broker.DownUntilUs = world.Scheduler.NowUs + _rng.Between(100_000, 3_000_000);
                world.Say("the broker is away");
                break;
            case < 16:
                world.Stats.Jumps++;
                if (world.Plan.IsCrowded || _rng.Chance(0.5)) node.ClockErrorMs += _rng.Between(-86_400_000, 86_400_000);
                else world.Broker.WallMs += _rng.Between(-60_000, 3_600_000);
                break;
            case < 17:
                RollBack();
                break;
            case < 18:
                if (world.Broker.Coordinator(_rng.Below(world.Plan.Partitions)).Expire()) world.Stats.Expired++;
                break;
            default:
                if (!world.Store.HasBackup || _rng.Chance(0.4)) world.Store.BackUp(); // an older one lacks more
                break;
        }
    }

    private void Crash(Node node)
    {
        if (!world.IsCalm) Kill(node);
    }

    // What a batch did without its due entries is told by its record alone, where no row of it became durable: all shards are handed off, taken over where due entries cannot be read, and killed.
    private void DeferAndCrash()
    {
        var (startsUs, forUs) = (_rng.Between(100_000, 500_000), _rng.Between(1_000_000, 4_000_000));
        world.Scheduler.After(startsUs, Label.Nemesis, null, () =>
        {
            if (world.IsCalm) return;
            (world.Store.DownUntilUs, world.Store.DownParts) = (world.Scheduler.NowUs + forUs, StoreParts.Due | StoreParts.Writes);
            world.Say("due entries cannot be read, and nothing is written");
        });
        foreach (var partition in _nodes.SelectMany(node => node.Runs.Select(r => (r.Key, r.Value))).ToArray())
        {
            world.Stats.Revocations++;
            partition.Value.Drain(startsUs);
            world.Scheduler.After(startsUs + _rng.Between(0, 300_000), Label.Nemesis, null, () => Grant(_rng.Below(_nodes.Length), partition.Key));
        }

        world.Scheduler.After(startsUs + _rng.Between(300_000, forUs), Label.Nemesis, null, CrashAll);
    }

    // What was running goes on with the old settings until its node is started anew; the log says from which event on the new ones hold.
    private void RollOut(SettingsChange change)
    {
        if (world.IsCalm) return;
        world.Stats.SettingsChanges++;
        _settings = change.Settings;
        world.Say($"other fold settings, {change.Rollout}: {change.Settings.Text}");
        if (change.Rollout == Rollout.Killed) CrashAll();
        if (change.Rollout is Rollout.Killed or Rollout.ByChance) return;
        var delayUs = 0L;
        foreach (var node in _nodes)
        {
            world.Scheduler.After(delayUs, Label.Nemesis, null, () => Restart(node));
            if (change.Rollout == Rollout.OneByOne) delayUs += _rng.Between(200_000, 3_000_000);
        }
    }

    private void Restart(Node node)
    {
        if (world.IsCalm || !node.Process.IsAlive) return;
        var deadlineUs = _rng.Between(50_000, 3_000_000);
        foreach (var (partition, run) in node.Runs.ToArray())
        {
            world.Stats.Revocations++;
            run.Drain(deadlineUs);
            world.Scheduler.After(deadlineUs + _rng.Between(0, 3_000_000), Label.Nemesis, null, () => Grant(_rng.Below(_nodes.Length), partition));
        }

        world.Scheduler.After(deadlineUs, Label.Nemesis, null, () => Crash(node));
    }

    private void CrashAll()
    {
        foreach (var node in _nodes) Crash(node);
    }

    private void Kill(Node node)
    {
        if (!node.Process.IsAlive) return;
        world.Stats.Crashes++;
        world.Say($"n{node.Number} is killed");
        node.Process.Kill();
        world.Scheduler.After(_rng.Between(1_000, 3_000_000), Label.Nemesis, null, () =>
        {
            if (_nodes[node.Number] == node) _nodes[node.Number] = NewNode(node.Number);
        });
        // Somebody takes its partitions over, soon or not.
        foreach (var partition in node.Runs.Keys.ToArray())
        {
            world.Scheduler.After(_rng.Between(0, 2_000_000), Label.Nemesis, null, () => Grant(_rng.Below(_nodes.Length), partition));
        }
    }

    private void Move(Node node, int partition)
    {
        if (!node.Process.IsAlive) return;
        if (!node.Runs.TryGetValue(partition, out var run))
        {
            Grant(node.Number, partition);
            return;
        }

        world.Stats.Revocations++;
        if (_rng.Chance(0.7)) run.Drain(_rng.Between(50_000, 8_000_000));
        else run.Abandon();
        if (_rng.Chance(0.7)) world.Scheduler.After(_rng.Between(0, 1_000_000), Label.Nemesis, null, () => Grant(_rng.Below(_nodes.Length), partition));
    }

    private void Grant(int node, int partition)
    {
        if (world.IsCalm || !_nodes[node].Process.IsAlive) return;
        world.Stats.Grants++;
        _nodes[node].Grant(partition);
    }

    // A restored backup: no process lives while it happens, or all go on.
    private void RollBack()
    {
        if (!world.Store.HasBackup) return;
        world.Stats.RollBacks++;
        if ((world.Classes & FaultClasses.LiveRollBack) != 0 && _rng.Chance(0.7))
        {
            RollBackAlive();
            return;
        }

        world.Say("all nodes are killed and the store is rolled back");
        world.Store.RollBack();
        CrashAll();
    }

    // The store is away while it is put back, however shortly. A node that stood still all the while, between two requests of a flush, could not know of it: such a one is killed (docs/fault-model.md).
    private void RollBackAlive()
    {
        if (world.Store.RestoringUntilUs > 0) return;
        var fromUs = world.Scheduler.NowUs;
        world.Store.RestoringUntilUs = fromUs + _rng.Between(10_000, 1_500_000);
        world.Say("the store stops, to be rolled back under the nodes");
        world.Scheduler.After(world.Store.RestoringUntilUs - fromUs, Label.Nemesis, null, () =>
        {
            if (!world.Store.RollBack()) return;
            world.Stats.LiveRollBacks++;
            world.Say("the store is rolled back under the nodes");
            foreach (var node in _nodes.Where(n => n.Process.PausedUntilUs > fromUs)) Kill(node);
        });
    }

    private Node NewNode(int number) => new(world, number, _settings, world.Plan.Violence > 0 ? _rng.Between(-30_000, 30_000) : 0);
}
