using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Simulation.Broker;
using Streaming.Simulation.Checks;
using Streaming.Simulation.Kernel;
using Streaming.Simulation.Nodes;
using Streaming.Simulation.Store;

namespace Streaming.Simulation;

/// <summary>Everything that a run consists of.</summary>
internal sealed class World
{
    private readonly StatusCheck _status;
    private readonly MemoryCheck _memory;

    private readonly Dictionary<Checker, string> _spoke = [];

    /// <summary>A world before its first event.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="classes">Classes of faults.</param>
    /// <param name="trace">Where events are told; null: nowhere.</param>
    /// <param name="goesOn">Whether the run goes on after the first finding, so that every checker is asked.</param>
    public World(long seed, FaultClasses classes, TextWriter? trace, bool goesOn = false)
    {
        (Classes, GoesOn) = (classes, goesOn);
        Plan = new Plan(seed);
        Trace = new Trace(trace);
        Faults = Rng.Of(seed, 2);
        Scheduler = new Scheduler(Rng.Of(seed, 3), Trace);
        BrokerWire = new Wire(Scheduler, Rng.Of(seed, 4));
        StoreWire = new Wire(Scheduler, Rng.Of(seed, 5));
        Broker = new BrokerModel(Scheduler, Rng.Of(seed, 6), Plan.Partitions, Plan.TransactionTimeOutUs, Plan.StartMs, Say, what => Fail(Checker.OneOwner, what)) { EventsHaveCreateTime = Plan.HasCreateTime };
        Store = new StoreModel(Scheduler, Plan.Partitions, Fail) { WriteTimeLimit = WriteTimeLimit };
        (_status, _memory) = (new StatusCheck(this), new MemoryCheck(this));
    }

    public Plan Plan { get; }
    public FaultClasses Classes { get; }
    public Trace Trace { get; }
    public Rng Faults { get; }
    public Scheduler Scheduler { get; }
    public Wire BrokerWire { get; }
    public Wire StoreWire { get; }
    public BrokerModel Broker { get; }
    public StoreModel Store { get; }
    public TopicNames Names { get; } = new();
    public Stats Stats { get; } = new();

    /// <summary>True before and after the storm.</summary>
    public bool IsCalm { get; set; }

    /// <summary>What was found first; null: nothing.</summary>
    public string? Failure { get; private set; }

    /// <summary>What each checker that spoke said first.</summary>
    public IReadOnlyDictionary<Checker, string> Spoke => _spoke;

    /// <summary>True where the run goes on after the first finding.</summary>
    public bool GoesOn { get; }

    /// <summary>True where nothing more is asked.</summary>
    public bool IsOver => Failure is not null && !GoesOn;

    /// <summary>Notes a failure; the run ends at the first, unless it goes on.</summary>
    public void Fail(Checker checker, string what)
    {
        Failure ??= what;
        if (_spoke.TryAdd(checker, what)) Say("FAILURE " + what);
    }

    public void Say(string what) => Trace.Say(Scheduler.NowUs, what);

    /// <summary>Fails the run where something that nobody waits for breaks.</summary>
    public void Watch(Task task, string what) =>
        task.ContinueWith(t => Fail(Checker.Errors, $"{what} broke: {t.Exception!.InnerException}"), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>A shard has taken its partition over.</summary>
    public void TookOver(UserShard shard)
    {
        Stats.TakeOvers++;
        _memory.TookOver(shard);
    }

    /// <summary>A shard's step ended: what its status says must hold at every moment.</summary>
    public void AfterStep(UserShard shard)
    {
        _status.Look(shard);
        _memory.Look(shard);
    }

    /// <summary>A hand-off after the storm left something to the next owner: it met a store that had been rolled back under an idle shard, or rows or due entries that a slow store had not given yet.</summary>
    public bool IsLeftOpen { get; set; }

    /// <summary>A run of a shard ended in an error. The engine's own are expected; a fatal one or any other is a finding.</summary>
    public void Errored(Exception error, ErrorAction? action, string where)
    {
        Say($"{where}: {error.GetType().Name}: {error.Message}");
        switch (action)
        {
            case ErrorAction.StopAndBackOff: Stats.Fences++; break;
            case ErrorAction.TakeOverAgain: Stats.Unclear++; break;
            case ErrorAction.Retry: Stats.Retries++; break;
            case ErrorAction.Fatal: Fail(Checker.Errors, $"{where} wants a person: {error.GetType().Name}: {error.Message}"); break;
            default: Fail(Checker.Errors, $"{where}: {error}"); break;
        }
    }

    // The engine's write time is its epoch and the sum of its positions: nothing greater than committed progress may ever reach the store.
    private long WriteTimeLimit(int partition)
    {
        var (offsets, count) = Broker.Coordinator(partition).Decided;
        return Plan.Shard.WriteTimeEpoch + Math.Max(0, offsets.Events) + Math.Max(0, offsets.Links) + count;
    }
}
