using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Net;
using Streaming.Faults.Results;
using Streaming.Faults.Servers;
using Streaming.Faults.Soak;
using Streaming.Faults.Workload;

namespace Streaming.Faults.Cases;

/// <summary>One case under way: its own topics, store and seeded input, and the log of what was done to it.</summary>
internal sealed class CaseRun : IAsyncDisposable
{
    private const int MaxTold = 20;

    // The broker looks for transactions that are past their limit each ten seconds, and may be as busy as the machine.
    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(30);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly string _name, _id;
    private readonly Action<string> _print;
    private readonly IReadOnlyDictionary<string, string> _timeouts;
    private readonly Healing _healing;
    private long _fed;
    private int _transactionMs;
    private string _toldTimeouts = "";

    public CaseRun(FaultOptions options, ServerScripts servers, KafkaBrokers brokers, FaultCase fault, Action<string> print)
    {
        (Options, Servers, Brokers, _print, _name) = (options, servers, brokers, print, fault.Name);
        Seed = SeedOf(options, fault);
        Random = new Random(Seed);
        _id = "f" + Guid.NewGuid().ToString("n")[..10];
        Folder = Path.Combine(options.Work, "runs", $"{fault.Name}-{_id}");
        Directory.CreateDirectory(Folder);
        StoreNodes = servers.CassandraOf(fault.StoreNodes);
        StoreAddress = fault.Store == StoreKind.Cassandra ? StoreNodes.Address : "";
        Bootstrap = brokers.Address;
        HealLimit = options.Patience * 2;
        _timeouts = fault.HasShortTimeouts ? EngineTimeouts.Short : EngineTimeouts.Product;
        Feeder = new Feeder(brokers.Address, Prefix, options.Partitions, Seed, fault.EventsPerSecond ?? options.EventsPerSecond);
        _healing = new Healing(this, new OpenTransactions(new TopicEnds(brokers.Address, Prefix).ReadAsync, () => TimeSpan.FromMilliseconds(_transactionMs) + LookTime));
        Log($"--seed {options.Seed} (with the name {Seed}), topics {_id}-*, folder {Folder}");
    }

    /// <summary>Seed of a case: everything random of it follows from that.</summary>
    public static int SeedOf(FaultOptions options, FaultCase fault) => options.Seed + Offset(fault.Name);

    public FaultOptions Options { get; }

    public ServerScripts Servers { get; }

    /// <summary>The brokers of the case.</summary>
    public KafkaBrokers Brokers { get; }

    /// <summary>Nodes of the store, where it is Cassandra.</summary>
    public CassandraNodes StoreNodes { get; }

    /// <summary>Put before the topics' names.</summary>
    public string Prefix => _id + "-";

    /// <summary>The shards' transactional ids.</summary>
    public IEnumerable<string> TransactionalIds => Enumerable.Range(0, Options.Partitions).Select(p => $"{_id}-{Prefix}events-{p}");

    /// <summary>Seed of the case: what <c>--seed</c> says and a number of its own, so that no two cases draw the same.</summary>
    public int Seed { get; }

    public Random Random { get; }

    /// <summary>Folder of the run's outputs and store.</summary>
    public string Folder { get; }

    public Feeder Feeder { get; }

    /// <summary>Records of events that the case itself wrote, beside the feeder's.</summary>
    public long FedBeside { get; set; }

    /// <summary>Where the engine finds Kafka.</summary>
    public string Bootstrap { get; set; }

    /// <summary>Further settings of the engine.</summary>
    public List<string> More { get; } = [];

    /// <summary>Longest wait for the healed engine to come to its end.</summary>
    public TimeSpan HealLimit { get; set; }

    /// <summary>Faults that happened.</summary>
    public int Faults { get; private set; }

    /// <summary>Faults that were planned and did not happen, and other broken promises.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Whether a run in which nothing was injected fails.</summary>
    public bool NeedsFaults { get; set; } = true;

    /// <summary>Readings of a soak.</summary>
    public List<SoakMinute> Minutes { get; } = [];

    /// <summary>Figures for the table.</summary>
    public Dictionary<string, double> Figures { get; } = [];

    /// <summary>Where the engine finds Cassandra.</summary>
    public string StoreAddress { get; set; }

    private string[] Store => StoreAddress.Length > 0 ? ["--store", $"cassandra:{StoreAddress}", "--set", $"Cassandra:Keyspace={_id}"] : ["--store", $"sqlite:{Path.Combine(Folder, "store")}"];

    private IEnumerable<string> Topics => ["--set", $"Kafka:TopicPrefix={Prefix}", "--set", $"Kafka:GroupId={_id}", "--set", $"Kafka:TransactionalIdPrefix={_id}", "--set", $"Kafka:Partitions={Options.Partitions}"];

    /// <summary>Starts the engine, with a crash point where one is given.</summary>
    public EngineProcess Start(string? crashPoint = null, IReadOnlyDictionary<string, string>? environment = null, IEnumerable<string>? settings = null, string log = "engine.log", Action<string>? heard = null, NetworkPlace? place = null)
    {
        var variables = new Dictionary<string, string>(environment ?? new Dictionary<string, string>());
        if (crashPoint is not null) variables["CRASH_POINT"] = crashPoint;
        var values = new Dictionary<string, string>(_timeouts) { ["Lifetime:ItemIndexWait"] = "0", ["Shard:FlushInterval"] = "300ms", ["Shard:TickInterval"] = "2s" };
        foreach (var (name, value) in AlertSettings.All) values[name] = value;
        // A setting may be given once only: the last word counts.
        foreach (var text in More.Concat(settings ?? []).Where(t => t != "--set")) values[text[..text.IndexOf('=', StringComparison.Ordinal)]] = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..];
        TellTimeouts(values);
        _transactionMs = Math.Max(_transactionMs, EngineTimeouts.TransactionMs(values));
        string[] all = ["--kafka", Bootstrap, .. Store, "--consent-default", "granted", .. Topics, .. values.SelectMany(v => (string[])["--set", $"{v.Key}={v.Value}"])];
        return EngineProcess.Run(Options.Build, all, Path.Combine(Folder, log), variables, heard, place);
    }

    // Once for all processes that have the same.
    private void TellTimeouts(IReadOnlyDictionary<string, string> settings)
    {
        var told = EngineTimeouts.Tell(settings);
        if (told == _toldTimeouts) return;
        _toldTimeouts = told;
        Log(told);
    }

    /// <summary>Two workers and a witness that do the case's work together. The first worker has the lowest address of the three.</summary>
    public EngineCluster Cluster() => Cluster([.. ((string[])["worker-1", "worker-2", "witness"]).Select((name, i) => new ClusterNode(name, NetworkPlace.Loopback, Options.ClusterPort + i, isWitness: name == "witness"))]);

    /// <summary>Nodes that do the case's work together.</summary>
    public EngineCluster Cluster(IReadOnlyList<ClusterNode> nodes) =>
        new(nodes, Options.Partitions, (node, settings) => Start(node.CrashPoint, settings: settings, log: node.Name + ".log", heard: node.Log.Add, place: node.Place));

    /// <summary>How often something is to be done: so often, or less in a trial.</summary>
    public int AtMost(int times) => Options.MaxTimes > 0 ? Math.Min(times, Options.MaxTimes) : times;

    /// <summary>Notes what was done, with the time since the start.</summary>
    public void Log(string text)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,7:0.0} s  {text}");
        File.AppendAllText(Path.Combine(Folder, "schedule.log"), line + "\n");
        _print($"[{_name}] {line}");
    }

    /// <summary>Notes a fault that happened.</summary>
    public void Fault(string what)
    {
        Faults++;
        Log(what);
    }

    /// <summary>Notes a planned fault that did not happen, or a promise that was broken.</summary>
    public void Fail(string why)
    {
        Failures.Add(why);
        Log("FAILED: " + why);
    }

    /// <summary>Ends the input, lets the engine come to its end undisturbed, drains it, and asks the oracle.</summary>
    public async Task<CaseResult> JudgeAsync(CancellationToken cancellation)
    {
        await EndFeedAsync(cancellation);
        Log("healing");
        var before = Failures.Count;
        var (audit, hidden) = await HealAsync(cancellation);
        // What a transaction hid that time alone ended is read by a second process, and this is told. A shard that stood by itself has failed the case already.
        if (hidden && audit.Error.Contains("not consumed", StringComparison.Ordinal) && Failures.Count == before)
        {
            Log("records were hidden by transactions that the drained engine left open: healing goes on");
            Figures["healings after the first"] = 1;
            (audit, _) = await HealAsync(cancellation);
        }

        if (!audit.Consistent) Fail($"audit: {Telling(audit.Error)}");
        Compare(audit, _fed);
        await CompareDeadLettersAsync(cancellation);
        await CountAlertsAsync(cancellation);
        if (Faults == 0 && NeedsFaults) Fail("no fault was injected");
        return Result(audit);
    }

    /// <summary>Ends the input.</summary>
    public async Task EndFeedAsync(CancellationToken cancellation)
    {
        _fed = await Feeder.FinishAsync(cancellation) + FedBeside;
        Log($"{_fed} records fed");
    }

    /// <summary>Every record that was fed must be there, once, beside those that the engine wrote itself.</summary>
    public void Compare(AuditVerdict audit, long fed)
    {
        Figures["events of the engine's own (guests erased)"] = audit.OwnErases;
        if (audit.Compare(fed) is { } differs) Fail(differs);
    }

    /// <summary>Every record fed that is no event must be a dead letter, once and under its reason, and no event may be one. The oracle holds the engine's dead letters against a reading of its own; this one knows what was fed.</summary>
    public async Task CompareDeadLettersAsync(CancellationToken cancellation)
    {
        var (findings, byReason) = Feeder.Poison.Compare(await DeadLetters.ReadAsync(Feeder.Kafka, cancellation));
        foreach (var (reason, count) in byReason) Figures[$"dead letters, {reason}"] = count;
        foreach (var finding in findings) Fail(finding);
    }

    private async Task CountAlertsAsync(CancellationToken cancellation)
    {
        var alerts = await OutputCount.ReadAsync(Feeder.Kafka, Feeder.Kafka.Topics.ChurnAlerts, cancellation);
        Figures["churn alerts"] = alerts;
        Log($"{alerts} churn alerts");
        if (alerts == 0) Fail("no churn alert went out: nothing is shown of them");
    }

    private async Task<(AuditVerdict Audit, bool Hidden)> HealAsync(CancellationToken cancellation)
    {
        // A tick makes work of its own, and the end would never be quiet.
        using var engine = Start(settings: ["--set", "Shard:TickInterval=1h"]);
        var hidden = await DrainAsync(engine, cancellation);
        return (await AuditAsync(cancellation), hidden);
    }

    /// <summary>Lets an engine that was started without ticks come past the end of its input, and drains it.</summary>
    /// <returns>Whether it left transactions open that time alone ended.</returns>
    public Task<bool> DrainAsync(EngineProcess engine, CancellationToken cancellation) => _healing.DrainAsync(engine, cancellation);

    // Settings of the engine that the log does not tell.
    private IEnumerable<string> Judged
    {
        get
        {
            var own = More.Where(text => text.StartsWith("Churn:", StringComparison.Ordinal) || text.StartsWith("Decode:", StringComparison.Ordinal)).ToList();
            var usual = AlertSettings.All.Where(v => !own.Exists(text => text.StartsWith(v.Key + "=", StringComparison.Ordinal))).Select(v => $"{v.Key}={v.Value}");
            return usual.Concat(own).SelectMany(text => (string[])["--set", text]);
        }
    }

    /// <summary>Asks the oracle, which holds the alerts against the settings too.</summary>
    public async Task<AuditVerdict> AuditAsync(CancellationToken cancellation)
    {
        var audit = await AuditProcess.RunAsync(Options.Build, ["--kafka", Brokers.Address, .. Store, .. Topics, "--same-settings", .. Judged], cancellation);
        Log($"audit: {audit.Events} events, {audit.Users} users, {audit.Lost} lost, {audit.Duplicated} duplicated, {audit.Phantom} phantom, {audit.StateMismatches} state mismatches, hash {audit.StateHash}");
        return audit;
    }

    /// <summary>What the engine's group has committed of its input.</summary>
    public Task<Dictionary<(string Topic, int Partition), long>> GroupOffsetsAsync(CancellationToken cancellation, bool waits = true) =>
        Task.Run(() => GroupOffsets.Read(Brokers.Address, _id, [Feeder.Kafka.Topics.Events, Feeder.Kafka.Topics.Links], Options.Partitions, waits), cancellation);

    /// <summary>Events that the engine's group has not committed yet: what the broker holds and what it was told, whatever the engine says of itself.</summary>
    public async Task<long> LagAsync(CancellationToken cancellation)
    {
        var ends = await Feeder.EndsAsync(cancellation);
        var committed = await GroupOffsetsAsync(cancellation, waits: false);
        return ends.Sum(e => Math.Max(0, e.Value - committed.GetValueOrDefault((Feeder.EventsTopic, e.Key))));
    }

    /// <summary>The result so far under a verdict of the oracle.</summary>
    public CaseResult Result(AuditVerdict audit) => new()
    {
        Name = _name,
        Seed = Seed,
        Seconds = Math.Round(_clock.Elapsed.TotalSeconds, 1),
        Faults = Faults,
        Fed = Feeder.Fed + FedBeside,
        Events = audit.Events,
        Users = audit.Users,
        DeadLetters = audit.DeadLetters,
        Lost = audit.Lost,
        Duplicated = audit.Duplicated,
        Phantom = audit.Phantom,
        StateMismatches = audit.StateMismatches,
        Failures = [.. Failures],
        Figures = Figures,
        Passed = Failures.Count == 0,
    };

    public async ValueTask DisposeAsync() => await Feeder.DisposeAsync();

    /// <summary>What a case adds to <c>--seed</c>.</summary>
    public static int Offset(string name) => (int)(Fnv(name) % 1_000_000);

    /// <summary>What audit wrote, without the lines of its progress.</summary>
    public static string Telling(string error) =>
        string.Join('\n', error.Split('\n', '\r').Where(l => l.Contains(": ", StringComparison.Ordinal) && !l.Contains("partition ", StringComparison.Ordinal) | l.StartsWith("lost", StringComparison.Ordinal)).Distinct().Take(MaxTold));

    private static uint Fnv(string text) => text.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u);
}
