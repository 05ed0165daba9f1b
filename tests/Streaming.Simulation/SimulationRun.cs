using Streaming.Core.Shard;
using Streaming.Simulation.Checks;
using Streaming.Simulation.Kernel;
using Streaming.Simulation.Nodes;
using Streaming.Simulation.Workload;

namespace Streaming.Simulation;

/// <summary>One seed: storm, heal, convergence within a bound, hand-off of everything, then the checkers.</summary>
internal sealed class SimulationRun
{
    private const long MaxSteps = 3_000_000;
    private const long ConvergenceUs = 300_000_000;
    private const int MaxRounds = 10;
    private const long PollUs = 200_000;
    private readonly World _world;
    private readonly Nemesis _nemesis;
    private readonly Shop _shop;
    private readonly long _seed;

    private readonly Tamper? _tamper;

    private SimulationRun(long seed, FaultClasses classes, TextWriter? trace, bool goesOn, Tamper? tamper)
    {
        (_seed, _tamper) = (seed, tamper);
        _world = new World(seed, classes, trace, goesOn);
        _nemesis = new Nemesis(_world);
        _shop = new Shop(_world.Broker, _world.Plan, Rng.Of(seed, 7));
    }

    /// <summary>Runs a seed on the calling thread.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="classes">Classes of faults.</param>
    /// <param name="trace">Where events are told; null: nowhere.</param>
    /// <param name="goesOn">Whether it goes on after the first finding; the checkers at the end are asked where the run came to its end all the same.</param>
    /// <param name="tamper">What a test does to it from outside.</param>
    public static Verdict Run(long seed, FaultClasses classes = FaultClasses.Usual, TextWriter? trace = null, bool goesOn = false, Tamper? tamper = null)
    {
        var run = new SimulationRun(seed, classes, trace, goesOn, tamper);
        try
        {
            run.Play();
        }
#pragma warning disable CA1031 // Whatever a broken engine makes a checker stumble over is a finding of this seed, and the next seed goes on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            run._world.Fail(Checker.Errors, $"a checker broke: {error}");
        }

        if (trace is not null) run.Dump(trace);
        run.Count();
        return new Verdict(seed, run._world.Failure, run._world.Spoke, run._world.Trace.Hash, run._world.Stats);
    }

    private void Count()
    {
        var (stats, broker, store) = (_world.Stats, _world.Broker, _world.Store);
        for (var p = 0; p < _world.Plan.Partitions; p++)
        {
            stats.CommitLooks += broker.Coordinator(p).Owners.Looks;
            stats.Links += Records(OutputTopic.Links, p).Count();
            stats.Repairs += Records(OutputTopic.Control, p).Count(value => ControlJson.ReadRepair(value) is not null);
            foreach (var alert in Records(OutputTopic.Control, p).SelectMany(value => ControlJson.ReadBatch(value)?.Facts ?? []).Where(f => f.Type == FactTypes.Alert))
            {
                stats.Alerts++;
                if (alert.Value is not null) stats.BudgetAlerts++;
                if (alert.TimeMs is not null) stats.CooledAlerts++;
            }

            if (!broker.EventsHaveCreateTime) continue;
            stats.CreateTimeEvents += Records(OutputTopic.Events, p).Count();
            stats.CreateTimeTicks += Records(OutputTopic.Control, p).Sum(value => ControlJson.ReadBatch(value)?.Facts?.Count(f => f.Type == FactTypes.Tick) ?? 0);
        }

        stats.Steps = _world.Scheduler.Steps;
        stats.MarketRefusals = _shop.MarketRefusals;
        (stats.Hidden, stats.HiddenInVain) = (broker.Hidden, broker.HiddenInVain);
        (stats.Forgotten, stats.ForgottenInControl, stats.ForgottenElsewhere) = (broker.Forgotten, broker.ForgottenInControl, broker.ForgottenElsewhere);
        (stats.HeldEnds, stats.LateEndsRefused, stats.LateEndsInTime, stats.LateEndsVoid, stats.TornEnds) = (broker.Ends.Held, broker.Ends.Refused, broker.Ends.InTime, broker.Ends.Void, broker.Ends.Torn);
        (stats.StaleRows, stats.StaleShardRows, stats.CorruptRows) = (store.StaleRows, store.StaleShardRows, store.CorruptRows);
        foreach (var wire in (Wire[])[_world.BrokerWire, _world.StoreWire])
        {
            stats.LostRequests += wire.LostRequests;
            stats.LostReplies += wire.LostReplies;
            stats.LateRequests += wire.LateRequests;
        }
    }

    private IEnumerable<byte[]> Records(OutputTopic topic, int partition)
    {
        var log = _world.Broker.Log(topic, partition);
        for (var offset = 0L; offset < log.End; offset++)
        {
            if (log[offset] is { IsMarker: false, IsAborted: false, Value: { } value }) yield return value;
        }
    }

    // For a reader of a failing seed: what the topics hold in the end.
    private void Dump(TextWriter to)
    {
        for (var p = 0; p < _world.Plan.Partitions; p++)
        {
            foreach (var topic in (OutputTopic[])[OutputTopic.Events, OutputTopic.Links, OutputTopic.Control, OutputTopic.Sessions])
            {
                var log = _world.Broker.Log(topic, p);
                for (var offset = 0L; offset < log.End; offset++)
                {
                    var entry = log[offset];
                    if (!entry.IsMarker) to.WriteLine($"{topic}-{p} {offset}{(entry.IsAborted ? " aborted" : "")} {entry.TimeMs} {System.Text.Encoding.UTF8.GetString(entry.Value ?? [])}");
                }
            }
        }
    }

    private void Play()
    {
        LayOutWork(Rng.Of(_seed, 8));
        Beat();
        _tamper?.Begin?.Invoke(_world);
        _nemesis.Begin();
        if (Converges())
        {
            _tamper?.HandedOff?.Invoke(_world, _shop);
            new FinalChecks(_world, _shop).Run();
        }

        if (_world.Trace.Stray is { } stray) _world.Fail(Checker.Threads, "something ran on another thread: the run is not deterministic: " + stray);
    }

    // False where the run was over before, or what was waited for did not come: the checkers at the end would speak of a run that has none.
    private bool Converges()
    {
        if (!Until(() => _world.Scheduler.NowUs >= _world.Plan.StormUs, long.MaxValue, "the storm to end")) return false;
        _nemesis.Heal();
        _tamper?.Healed?.Invoke(_world);
        _world.Say("healed");
        if (!Until(HasConverged, ConvergenceUs, "all input committed and durable, nobody parked, one owner a partition, its settings in force") || !HandsOff()) return false;
        for (var round = 1; _world.IsLeftOpen && round < MaxRounds; round++)
        {
            // Whoever owns the partition next brings to an end what its last owner could not.
            _world.IsLeftOpen = false;
            if (!Until(HasConverged, ConvergenceUs, "the next owner to settle what was left open") || !HandsOff()) return false;
        }

        if (_world.IsLeftOpen) _world.Fail(Checker.Convergence, FormattableString.Invariant($"{MaxRounds} owners one after the other left something open"));
        return Until(IsBrokerQuiet, (2 * Plan.TransactionTimeOutUs) + 4_000_000, "every transaction to end");
    }

    private bool HandsOff()
    {
        foreach (var run in _nemesis.Nodes.SelectMany(n => n.Runs.Values).ToArray()) run.Drain(60_000_000);
        return Until(() => _nemesis.Nodes.All(n => n.Runs.Count == 0), ConvergenceUs, "all shards to be handed off");
    }

    private void LayOutWork(Rng rng)
    {
        var (plan, scheduler) = (_world.Plan, _world.Scheduler);
        var lastUs = plan.StormUs + 1_500_000;
        for (var left = plan.Events; left > 0;)
        {
            var burst = Math.Min(left, rng.Chance(0.2) ? 1 + rng.Below(40) : 1 + rng.Below(3));
            left -= burst;
            scheduler.After(rng.Between(0, lastUs), Label.Send, null, () =>
            {
                for (var i = 0; i < burst; i++) _shop.Send();
                _world.Stats.Events += burst;
            });
        }

        if (!rng.Chance(0.3)) return;
        for (var i = rng.Below(6); i > 0; i--) scheduler.After(rng.Between(0, lastUs), Label.Send, null, _shop.Ask);
    }

    // Time goes on even where nobody does anything, so that a wait can end in vain.
    private void Beat() => _world.Scheduler.After(PollUs, Label.Timer, null, Beat);

    private bool HasConverged()
    {
        if (_world.Scheduler.NowUs < _world.Plan.StormUs + 1_600_000) return false;
        var owners = _nemesis.Owners().ToArray();
        if (_nemesis.Nodes.Sum(n => n.Runs.Count) != owners.Length) return false;
        for (var p = 0; p < owners.Length; p++)
        {
            if (owners[p]?.Shard is not { } shard || !IsQuiet(p, shard)) return false;
        }

        return _world.Plan.SettingsChanges.Count == 0 || owners.Select((owner, p) => SettingsFacts.Of(_world.Broker.Log(OutputTopic.Control, p)).LastOrDefault().Value == owner!.Settings.Text).All(isInForce => isInForce);
    }

    private bool IsQuiet(int partition, UserShard shard)
    {
        var (status, broker) = (shard.Status, _world.Broker);
        if (status.Phase != "running" || status.ParkedUsers > 0 || status.DirtyUsers > 0 || status.DefersDues || status.ResidentUsers > _world.Plan.Shard.MaxResidentUsers) return false;
        foreach (var topic in (SourceTopic[])[SourceTopic.Events, SourceTopic.Links])
        {
            var log = broker.Log(topic, partition);
            var at = topic == SourceTopic.Events ? status.Committed.Events : status.Committed.Links;
            if (log.StableEnd != log.End || at < LastReadable(log)) return false;
        }

        return status.Durable.Events == status.Committed.Events && status.Durable.Links == status.Committed.Links;
    }

    private bool IsBrokerQuiet() => Enumerable.Range(0, _world.Plan.Partitions).All(p =>
        _world.Broker.Coordinator(p).IsQuiet && Enum.GetValues<OutputTopic>().All(t => _world.Broker.Log(t, p).StableEnd == _world.Broker.Log(t, p).End));

    private static long LastReadable(Broker.PartitionLog log)
    {
        var end = log.End;
        while (end > 0 && (log[end - 1].IsMarker || log[end - 1].IsAborted)) end--;
        return end;
    }

    // Goes on until something is there. False: the run is over, or it did not come.
    private bool Until(Func<bool> isThere, long withinUs, string what)
    {
        var (scheduler, until) = (_world.Scheduler, withinUs == long.MaxValue ? long.MaxValue : _world.Scheduler.NowUs + withinUs);
        var nextLook = 0L;
        while (!_world.IsOver)
        {
            if (scheduler.NowUs >= nextLook)
            {
                if (isThere()) return true;
                nextLook = scheduler.NowUs + (withinUs == long.MaxValue ? 0 : PollUs);
            }

            if (scheduler.NowUs > until) return InVain($"waited in vain for {what}");
            if (scheduler.Steps > MaxSteps) return InVain($"{MaxSteps} steps, still waiting for {what}");
            if (!scheduler.Step()) return InVain($"nothing happens any more, still waiting for {what}");
        }

        return false;
    }

    private bool InVain(string what)
    {
        _world.Fail(Checker.Convergence, $"{what}: {Situation()}");
        return false;
    }

    private string Situation() => string.Join("; ", _nemesis.Nodes.SelectMany(n => n.Runs.Select(r => $"n{n.Number} partition {r.Key}: {r.Value.Shard?.Status}, events end at {_world.Broker.Log(SourceTopic.Events, r.Key).End}, stable {_world.Broker.Log(SourceTopic.Events, r.Key).StableEnd}")));
}
