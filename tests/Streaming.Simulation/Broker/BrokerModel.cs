using Streaming.Contracts;
using Streaming.Core.Shard;
using Streaming.Simulation.Checks;
using Streaming.Simulation.Kernel;

namespace Streaming.Simulation.Broker;

/// <summary>A Kafka cluster: partitions of the engine's topics, a coordinator a shard, a clock of its own.</summary>
internal sealed class BrokerModel
{
    private readonly PartitionLog[,] _logs;
    private readonly Coordinator[] _coordinators;
    private readonly Rng _rng;
    private readonly Action<string> _say;
    private long _transactions;

    public BrokerModel(Scheduler scheduler, Rng rng, int partitions, long transactionTimeOutUs, long startMs, Action<string> say, Action<string> fail)
    {
        (Scheduler, _rng, Partitions, TransactionTimeOutUs, _say) = (scheduler, rng, partitions, transactionTimeOutUs, say);
        WallMs = startMs;
        _logs = new PartitionLog[Enum.GetValues<OutputTopic>().Length, partitions];
        for (var t = 0; t < _logs.GetLength(0); t++)
        {
            for (var p = 0; p < partitions; p++) _logs[t, p] = new PartitionLog();
        }

        _coordinators = [.. Enumerable.Range(0, partitions).Select(p => new Coordinator(this, p, new OwnerCheck(p, fail)))];
    }

    public Scheduler Scheduler { get; }
    public int Partitions { get; }
    public long TransactionTimeOutUs { get; }

    /// <summary>The wall clock at the simulation's start; jumps as the run wills.</summary>
    public long WallMs { get; set; }

    /// <summary>Nobody is heard until then.</summary>
    public long DownUntilUs { get; set; }

    /// <summary>The broker's clock, ms since 1970.</summary>
    public long NowMs => WallMs + (Scheduler.NowUs / 1000);

    /// <summary>Markers that were forgotten while offsets waited for them.</summary>
    public int Forgotten { get; set; }

    /// <summary>Markers of <c>control</c> that were forgotten.</summary>
    public int ForgottenInControl { get; set; }

    /// <summary>Markers of other partitions that were forgotten.</summary>
    public int ForgottenElsewhere { get; set; }

    /// <summary>Take-overs that waited in vain for the end of another shard's transaction, which hid records of theirs.</summary>
    public int HiddenInVain { get; set; }

    /// <summary>Partitions where a commit left records that another shard's open transaction hid.</summary>
    public int Hidden { get; set; }

    /// <summary>Late requests to end a transaction.</summary>
    public EndCounts Ends { get; } = new();

    /// <summary>Initialising a producer leaves its epoch as it is: a broken cluster, to show that the check of one owner speaks.</summary>
    public bool FencesNobody { get; set; }

    /// <summary>The topic of events was made with CreateTime: the timestamps of its records are their producers' word.</summary>
    public bool EventsHaveCreateTime { get; init; }

    /// <summary>A number for a transaction.</summary>
    public long NextTransaction() => ++_transactions;

    public bool IsDown() => Scheduler.NowUs < DownUntilUs;

    public Coordinator Coordinator(int partition) => _coordinators[partition];

    public PartitionLog Log(OutputTopic topic, int partition) => _logs[(int)topic, partition];

    public PartitionLog Log(SourceTopic topic, int partition) => Log(OutputOf(topic), partition);

    /// <summary>Puts a log in a partition's place.</summary>
    public void Put(OutputTopic topic, int partition, PartitionLog log) => _logs[(int)topic, partition] = log;

    /// <summary>Whether timestamps in a topic are the producers' word.</summary>
    public bool IsCreateTime(OutputTopic topic) => EventsHaveCreateTime && topic == OutputTopic.Events;

    /// <summary>Appends a record of a shop or a person.</summary>
    /// <param name="topic">Where.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="key">Key.</param>
    /// <param name="value">Value.</param>
    /// <param name="createdMs">The time that its producer gives, ms since 1970, or -1 for none; it counts where the topic has CreateTime.</param>
    public long Append(OutputTopic topic, int partition, byte[]? key, byte[]? value, long? createdMs = null) =>
        Log(topic, partition).Append(new LogEntry { Key = key, Value = value, TimeMs = IsCreateTime(topic) ? createdMs ?? NowMs : NowMs, IsCreateTime = IsCreateTime(topic) });

    /// <summary>Most markers are quick; a few wait for a leader.</summary>
    public long MarkerDelayUs() => _rng.Chance(0.03) ? _rng.Between(50_000, 1_500_000) : _rng.Between(300, 5_000);

    /// <summary>How likely a coordinator drops markers of a transaction, 0 to 1.</summary>
    public double MarkerLoss { get; set; }

    /// <summary>How the markers of a transaction that ends now fare: mostly all arrive, or none, or some, or those alone where other shards write as well, or all but those.</summary>
    public MarkerFate NextFate() => MarkerLoss <= 0 || !_rng.Chance(MarkerLoss) ? MarkerFate.Arrive : _rng.Chance(0.4) ? MarkerFate.None : _rng.Chance(0.5) ? MarkerFate.Some : _rng.Chance(0.5) ? MarkerFate.SharedAlone : MarkerFate.AllButShared;

    /// <summary>Whether one marker is dropped.</summary>
    /// <param name="fate">That of its transaction.</param>
    /// <param name="isShared">Whether other shards write to its partition as well.</param>
    public bool IsLost(MarkerFate fate, bool isShared) => fate switch
    {
        MarkerFate.Arrive => false,
        MarkerFate.None => true,
        MarkerFate.Some => _rng.Chance(0.5),
        MarkerFate.SharedAlone => !isShared,
        _ => isShared,
    };

    /// <summary>How likely a request to end a transaction is held back until its client gave up, 0 to 1.</summary>
    public double HeldEnds { get; set; }

    /// <summary>How long a request to end a transaction is held back.</summary>
    public long HoldUs(long timeOutUs)
    {
        if (HeldEnds <= 0 || !_rng.Chance(HeldEnds)) return 0;
        Ends.Held++;
        return timeOutUs + _rng.Between(0, timeOutUs);
    }

    public void Say(string what) => _say(what);

    /// <summary>The topic that holds an input.</summary>
    public static OutputTopic OutputOf(SourceTopic topic) => topic switch { SourceTopic.Events => OutputTopic.Events, SourceTopic.Links => OutputTopic.Links, _ => OutputTopic.Control };

    /// <summary>The topic of a name.</summary>
    public static OutputTopic TopicOf(TopicNames names, string name) =>
        name == names.Events ? OutputTopic.Events : name == names.Links ? OutputTopic.Links : name == names.Control ? OutputTopic.Control : name == names.Recommendations ? OutputTopic.Recommendations
        : name == names.ChurnAlerts ? OutputTopic.ChurnAlerts : name == names.Sessions ? OutputTopic.Sessions : name == names.DeadLetters ? OutputTopic.DeadLetters
        : throw new ArgumentException("no topic of the engine", nameof(name));
}
