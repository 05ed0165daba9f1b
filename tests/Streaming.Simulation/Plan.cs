using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Shard;
using Streaming.Simulation.Kernel;
using Streaming.Simulation.Nodes;

namespace Streaming.Simulation;

/// <summary>What a seed decides before anything happens: sizes, settings, and how bad the storm is.</summary>
internal sealed class Plan
{
    public const long RequestTimeOutUs = 3_000_000;
    public const long TransactionTimeOutUs = 4_000_000;
    public const long StartMs = 1_766_000_000_000;
    private const ulong LinkStream = 10;
    private const ulong CrowdStream = 12;
    private const ulong CreateTimeStream = 14;
    private const ulong AlertStream = 16;
    private const double LinkSeeds = 0.15, CrowdedSeeds = 0.06, CreateTimeSeeds = 0.1, HoldingSeeds = 0.6;

    /// <summary>Small buffers: the records are small.</summary>
    public static readonly DecodeOptions Decode = new() { MaxValueBytes = 4096 };

    public Plan(long seed)
    {
        var rng = Rng.Of(seed, 1);
        Partitions = 1 + rng.Below(4);
        Nodes = 1 + rng.Below(4);
        Events = rng.Below(4) == 0 ? 300 + rng.Below(600) : 60 + rng.Below(240);
        StormUs = rng.Between(6_000_000, 25_000_000);
        IsAtomicStore = rng.Chance(0.4);
        Violence = rng.Chance(0.1) ? 0 : rng.Unit();
        Wire = new WireFaults(Rate(rng, 0.02), Rate(rng, 0.02), Rate(rng, 0.02), rng.Between(100_000, 8_000_000), Rate(rng, 0.1));
        Fold = new FoldOptions
        {
            Dimensions = 8, RingLength = 2 + rng.Below(10), DuplicateWindow = 2 + rng.Below(12), MaxBoughtItems = 1 + rng.Below(5), MaxImpressions = 1 + rng.Below(4), MaxExcluded = 1 + rng.Below(3),
            MaxInterests = 1 + rng.Below(3), MaxSessionActions = 1 + rng.Below(6), MaxGuests = 1 + rng.Below(3),
        };
        Shard = new ShardOptions
        {
            MaxBatchRecords = rng.Pick(1, 3, 7, 20, 60), PollWait = Ms(rng.Between(50, 400)), FlushInterval = Ms(rng.Between(50, 1500)), MaxResidentUsers = rng.Pick(3, 6, 12, 1000), MaxParkedUsers = rng.Pick(2, 1000),
            MaxEventsBeyondDurable = rng.Pick(10, 1_000_000), RecommendDebounce = TimeSpan.FromMinutes(rng.Pick(0, 0, 10)), ListLength = 2, ScoreBudget = Ms(300), ScoreUsers = rng.Pick(1, 4, 16),
            MaxRememberedRows = rng.Pick(8, 256), TickInterval = Ms(rng.Between(500, 4000)), DueBucket = TimeSpan.FromHours(rng.Pick(1, 6, 48)), FlushRetry = Ms(50), DueHeapSlack = rng.Pick(0, 8, 512),
        };
        Churn = new ChurnOptions { Enter = 0.6, Bias = -0.9, Recency = 0.32, Frequency = -0.75, Age = 0.05, GapRatio = 0.55, NoRepeat = 0.3 };
        var alerts = Rng.Of(seed, AlertStream);
        if (alerts.Chance(HoldingSeeds)) Churn = Holding(Churn, alerts);
        StaleShardReads = rng.Chance(0.2) ? 0.2 : 0;
        Users = 2 + rng.Below(20);
        Hot = rng.Chance(0.3) ? 0.5 : 0;
        MarkerLoss = rng.Chance(0.2) ? 0.3 : 0;
        HeldEnds = rng.Chance(0.2) ? 0.25 : 0;
        StoreTimeOutUs = rng.Pick(800_000, 800_000, 6_000_000);
        Shard = Shard with { LoadBudget = Ms(rng.Pick(10, 50, 300, 2000)) };
        Shard = Shard with { MaxCompactBytes = rng.Pick(0, 0, 4096, 1 << 20) };
        Settings = new NodeSettings(Fold, ConsentFlags.All);
        if (IsRichInLinks(seed))
        {
            var links = Rng.Of(seed, LinkStream + 1);
            (Links, Users, Hot) = (0.2 + (0.4 * links.Unit()), 4 + links.Below(12), 0);
            (Partitions, Nodes) = (Math.Max(2, Partitions), Math.Max(2, Nodes));
            if (links.Chance(0.6)) MarkerLoss = 0.4;
        }

        IsCrowded = !IsRichInLinks(seed) && Rng.Of(seed, CrowdStream).Chance(CrowdedSeeds);
        if (IsCrowded)
        {
            // Every batch brings others, and no time passes in which sessions of many end at once: what is in memory is there for its events.
            var crowd = Rng.Of(seed, CrowdStream + 1);
            (Partitions, Users, Hot, Events) = (1, 150 + crowd.Below(150), 0, 400 + crowd.Below(400));
            Shard = Shard with { MaxResidentUsers = crowd.Pick(3, 6, 12), MaxBatchRecords = crowd.Pick(1, 3, 7), MaxEventsBeyondDurable = 1_000_000, FlushInterval = Ms(10) };
        }

        HasCreateTime = !IsCrowded && Rng.Of(seed, CreateTimeStream).Chance(CreateTimeSeeds);
        var changes = Rng.Of(seed, 9);
        SettingsChanges = !IsCrowded && changes.Chance(0.2) ? SettingsChange.Draw(changes, Settings, StormUs) : [];
    }

    /// <summary>Whether a seed is one of those whose guests log in again and again, among two shards or more: what those write to each other, and what hides it, is most of the run.</summary>
    public static bool IsRichInLinks(long seed) => Rng.Of(seed, LinkStream).Chance(LinkSeeds);

    /// <summary>Share of events that are logins beyond those of any shop, and half as many again that are a guest's.</summary>
    public double Links { get; }

    /// <summary>Hundreds of users in one shard with room for a few.</summary>
    public bool IsCrowded { get; }

    /// <summary>The topic of events was made with CreateTime: timestamps are the producers' word, right or wrong or missing.</summary>
    public bool HasCreateTime { get; }

    public int Partitions { get; }
    public int Nodes { get; }
    public int Events { get; }
    public int Users { get; }

    /// <summary>Share of events that are one user's.</summary>
    public double Hot { get; }

    /// <summary>How long anything may fail.</summary>
    public long StormUs { get; }

    /// <summary>How often something does, 0 to 1; 0 is a calm run.</summary>
    public double Violence { get; }

    /// <summary>A flush is one transaction, as with SQLite, or many writes, as with Cassandra.</summary>
    public bool IsAtomicStore { get; }

    /// <summary>How long a process waits for the store.</summary>
    public long StoreTimeOutUs { get; }
    public WireFaults Wire { get; }
    public double StaleShardReads { get; }

    /// <summary>How likely a coordinator drops markers of a transaction.</summary>
    public double MarkerLoss { get; }

    /// <summary>How likely a request to end a transaction is held back until its client gave up.</summary>
    public double HeldEnds { get; }
    public FoldOptions Fold { get; }

    /// <summary>Fold settings that the nodes begin with.</summary>
    public NodeSettings Settings { get; }

    /// <summary>Those that they are started with later.</summary>
    public IReadOnlyList<SettingsChange> SettingsChanges { get; }
    public ShardOptions Shard { get; }
    public ChurnOptions Churn { get; }
    public TimeZoneInfo ChurnZone => TimeZoneInfo.FindSystemTimeZoneById(Churn.TimeZone);

    /// <summary>No row that this seed's shop can make is forgotten by the table of row ages.</summary>
    public bool RemembersAllRows => Shard.MaxRememberedRows >= 256;

    // Alerts that are due and have to wait, for one reason or several.
    private static ChurnOptions Holding(ChurnOptions churn, Rng rng)
    {
        var (from, to) = rng.Pick((0, 0), (22, 8), (12, 14));
        return churn with
        {
            BudgetPerDay = rng.Pick(0, 1, 2, 5, 40),
            BudgetHour = rng.Pick(9, 15, 21),
            QuietFrom = from,
            QuietTo = to,
            TimeZone = rng.Pick("UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"),
            Leave = rng.Pick(0, 0, 0.35, 0.55),
            DwellDays = rng.Pick(0, 0, 1, 9),
            CoolDownDays = rng.Pick(0, 0, 5, 90),
        };
    }

    private static TimeSpan Ms(long ms) => TimeSpan.FromMilliseconds(ms);

    private double Rate(Rng rng, double most) => rng.Chance(0.4) ? 0 : most * Violence * rng.Unit();
}
