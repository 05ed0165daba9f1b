using Microsoft.Extensions.Time.Testing;
using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Host.Audit;
using Streaming.Host.Cli;

namespace Streaming.Host.Tests.Audit;

/// <summary>The engine's own shard protocol on topics and a store in memory, and an audit of what it left.</summary>
internal sealed class EngineHarness(int partitions = 2)
{
    private const int Dimensions = 8;
    private readonly Dictionary<int, ShardOffsets> _group = [];
    private readonly UserShard?[] _shards = new UserShard?[partitions];

    public ChurnOptions Churn { get; init; } = new() { Enter = 0.6, Bias = -0.9, Recency = 0.32, Frequency = -0.75, Age = 0.05, GapRatio = 0.55, NoRepeat = 0.3 };
    public InMemoryTopics Topics { get; } = new(partitions) { NowMs = 1_774_000_000_000 };
    public ISnapshotStore Store { get; init; } = new InMemorySnapshotStore();
    public TopicNames Names { get; } = new();
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(1_774_000_000_000));
    public FoldOptions Fold { get; set; } = new() { Dimensions = Dimensions, RingLength = 6, DuplicateWindow = 4, MaxBoughtItems = 3, MaxImpressions = 3, MaxExcluded = 2, MaxInterests = 2, MaxSessionActions = 5, MaxGuests = 2 };
    public TimeSpan Debounce { get; set; } = TimeSpan.Zero;
    public Func<bool?> Fault { get; set; } = () => null;
    public string? BaseSha256 { get; set; }
    public int Faults { get; private set; }

    public void Send(string key, string json) => Topics.Append(Names.Events, Murmur2.Partition(System.Text.Encoding.UTF8.GetBytes(key), partitions), key, json);

    /// <summary>Works until nothing is left to read, then a few idle rounds.</summary>
    public async Task DrainAsync(int idleRounds = 2)
    {
        for (var idle = 0; idle < idleRounds;)
        {
            var before = Input();
            for (var p = 0; p < partitions; p++) await StepAsync(p);
            idle = before.Length == partitions && before.SequenceEqual(Input()) ? idle + 1 : 0;
        }
    }

    /// <summary>Offsets consumed; ticks, which go on for ever, are left out.</summary>
    private (long Events, long Links)[] Input() => [.. _group.OrderBy(g => g.Key).Select(g => (g.Value.Events, g.Value.Links))];

    /// <summary>One batch of a partition; a fault ends the process and a new one takes over.</summary>
    public async Task StepAsync(int partition)
    {
        var cancellation = Xunit.TestContext.Current.CancellationToken;
        Time.Advance(TimeSpan.FromMilliseconds(700));
        Topics.NowMs += 700;
        try
        {
            var shard = _shards[partition] ??= await StartAsync(partition, cancellation);
            var batch = await shard.IngestAsync(cancellation);
            await shard.WorkAsync(batch, cancellation);
            await shard.CommitAsync(batch, cancellation);
        }
        catch (IndefiniteOutcomeException)
        {
            Faults++;
            _shards[partition] = null;
        }
    }

    /// <summary>Users of a partition that are held back now.</summary>
    public int Parked(int partition) => _shards[partition]?.Status.ParkedUsers ?? 0;

    public async Task HandOffAsync()
    {
        for (var p = 0; p < partitions; p++)
        {
            if (_shards[p] is { } shard) await shard.HandOffAsync(Xunit.TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Audits with what the log does not hold, or without.</summary>
    public Task<AuditResult> AuditAsync(bool knowsSettings = true) => new AuditCommand(Topics, Store, new StoreVectorTables(Store), Time)
        .RunAsync(new AuditOptions { RecommendDebounce = Debounce, StoreWait = TimeSpan.Zero, Churn = knowsSettings ? Churn : null, Decode = knowsSettings ? new DecodeOptions() : null }, new Progress<AuditProgress>(), Xunit.TestContext.Current.CancellationToken);

    public async Task<string> PutBaseTableAsync(IEnumerable<string> items, int salt)
    {
        var version = await new TestTables(Store, new ItemDictionary(), Dimensions).WriteAsync(items.Select(System.Text.Encoding.UTF8.GetBytes), true, salt, Xunit.TestContext.Current.CancellationToken);
        return BaseSha256 = version.Sha256;
    }

    /// <summary>Forgets the running shards, as a change of settings at a restart does.</summary>
    public void Restart() => Array.Clear(_shards);

    /// <summary>Ends the running shards and lets go of their files.</summary>
    public async Task CloseAsync()
    {
        foreach (var shard in _shards)
        {
            if (shard is not null) await shard.DisposeAsync();
        }

        Restart();
    }

    private async Task<UserShard> StartAsync(int partition, CancellationToken cancellation)
    {
        var items = new ItemDictionary();
        var services = new ShardServices
        {
            Items = items,
            Decoder = () => new EventDecoder(partitions, Fold.FutureAllowance),
            Recommender = () => new FixedRecommender(items),
            Scorer = new NoScorer(),
            VectorTables = new TestTables(Store, items, Dimensions) { BaseSha256 = BaseSha256 },
            Time = Time,
            Partitions = partitions,
            Fold = Fold,
            ConsentDefault = ConsentFlags.All,
            Shard = new ShardOptions { MaxBatchRecords = 7, PollWait = TimeSpan.FromMilliseconds(1), FlushInterval = TimeSpan.FromSeconds(2), RecommendDebounce = Debounce, TickInterval = TimeSpan.FromSeconds(1) },
            Churn = Churn,
            ChurnZone = TimeZoneInfo.FindSystemTimeZoneById(Churn.TimeZone),
        };
        var broker = new InMemoryBroker(Topics, Names, _group, partition) { Fault = () => Fault() };
        var shard = new UserShard(services, broker, await Store.OpenShardAsync(partition, cancellation));
        await shard.TakeOverAsync(cancellation);
        return shard;
    }
}
