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

    private SimulationRun(long seed, FaultClasses classes, TextWriter? trace)
    {
        _seed = seed;
        _world = new World(seed, classes, trace);
        _nemesis = new Nemesis(_world);
        _shop = new Shop(_world.Broker, _world.Plan, Rng.Of(seed, 7));
    }

    /// <summary>Runs a seed on the calling thread.</summary>
    public static Verdict Run(long seed, FaultClasses classes = FaultClasses.Usual, TextWriter? trace = null)
    {
        var run = new SimulationRun(seed, classes, trace);
        try
        {
            run.Play();
        }
#pragma warning disable CA1031 // Whatever a broken engine makes a checker stumble over is a finding of this seed, and the next seed goes on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            run._world.Fail($"a checker broke: {error}");
        }

        if (trace is not null) run.Dump(trace);
        run._world.Stats.Steps = run._world.Scheduler.Steps;
        run.CountLinks();
        run._world.Stats.Forgotten = run._world.Broker.Forgotten;
        run._world.Stats.ForgottenInControl = run._world.Broker.ForgottenInControl;
        run._world.Stats.ForgottenElsewhere = run._world.Broker.ForgottenElsewhere;
        return new Verdict(seed, run._world.Failure, run._world.Trace.Hash, run._world.Stats);
    }

    private void CountLinks()
    {
        for (var p = 0; p < _world.Plan.Partitions; p++)
        {
            _world.Stats.CommitLooks += _world.Broker.Coordinator(p).Owners.Looks;
            _world.Stats.Links += Records(OutputTopic.Links, p).Count();
            _world.Stats.Repairs += Records(OutputTopic.Control, p).Count(value => ControlJson.ReadRepair(value) is not null);
        }

        (_world.Stats.Hidden, _world.Stats.HiddenInVain) = (_world.Broker.Hidden, _world.Broker.HiddenInVain);
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
        _nemesis.Begin();
        Until(() => _world.Scheduler.NowUs >= _world.Plan.StormUs, long.MaxValue, "the storm to end");
        _nemesis.Heal();
        _world.Say("healed");
        Until(HasConverged, ConvergenceUs, "all input committed and durable, nobody parked, one owner a partition, its settings in force");
        HandOff();
        for (var round = 1; _world.IsLeftOpen && round < MaxRounds; round++)
        {
            // Whoever owns the partition next brings to an end what its last owner could not.
            _world.IsLeftOpen = false;
            Until(HasConverged, ConvergenceUs, "the next owner to settle what was left open");
            HandOff();
        }

        if (_world.IsLeftOpen) _world.Fail(FormattableString.Invariant($"{MaxRounds} owners one after the other left something open"));
        Until(IsBrokerQuiet, (2 * Plan.TransactionTimeOutUs) + 4_000_000, "every transaction to end");
        if (_world.Failure is null) new FinalChecks(_world, _shop).Run();
        if (_world.Trace.Stray is { } stray) _world.Fail("something ran on another thread: the run is not deterministic: " + stray);
    }

    private void HandOff()
    {
        foreach (var run in _nemesis.Nodes.SelectMany(n => n.Runs.Values).ToArray()) run.Drain(60_000_000);
        Until(() => _nemesis.Nodes.All(n => n.Runs.Count == 0), ConvergenceUs, "all shards to be handed off");
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

    private void Until(Func<bool> isThere, long withinUs, string what)
    {
        var (scheduler, until) = (_world.Scheduler, withinUs == long.MaxValue ? long.MaxValue : _world.Scheduler.NowUs + withinUs);
        var nextLook = 0L;
        while (_world.Failure is null)
        {
            if (scheduler.NowUs >= nextLook)
            {
                if (isThere()) return;
                nextLook = scheduler.NowUs + (withinUs == long.MaxValue ? 0 : PollUs);
            }

            if (scheduler.NowUs > until) _world.Fail($"waited in vain for {what}: {Situation()}");
            else if (scheduler.Steps > MaxSteps) _world.Fail($"{MaxSteps} steps, still waiting for {what}: {Situation()}");
            else if (!scheduler.Step()) _world.Fail($"nothing happens any more, still waiting for {what}: {Situation()}");
        }
    }

    private string Situation() => string.Join("; ", _nemesis.Nodes.SelectMany(n => n.Runs.Select(r => $"n{n.Number} partition {r.Key}: {r.Value.Shard?.Status}, events end at {_world.Broker.Log(SourceTopic.Events, r.Key).End}, stable {_world.Broker.Log(SourceTopic.Events, r.Key).StableEnd}")));
}
