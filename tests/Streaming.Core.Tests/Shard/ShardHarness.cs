using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Streaming.Core.Decode;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Core.Score;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Shard;

/// <summary>Runs shards over <see cref="FakeKafka"/> and an in-memory store, step by step and single-threaded.</summary>
internal sealed class ShardHarness
{
    public FakeKafka Kafka { get; }
    public ISnapshotStore Store { get; }
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
    public ShardOptions Options { get; set; } = new() { FlushInterval = TimeSpan.FromMilliseconds(10), MaxBatchRecords = 7, ListLength = 3, PollWait = TimeSpan.FromMilliseconds(1) };
    public FoldOptions Fold { get; set; } = new() { Dimensions = 8 };

    public Streaming.Core.Churn.ChurnOptions Churn { get; set; } = new();

    public TimeZoneInfo ChurnZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>The model.</summary>
    public IScorer Scorer { get; set; } = new NoScorer();

    /// <summary>How candidates are gathered and blended.</summary>
    public RecallOptions Recall { get; set; } = new();

    /// <summary>Fills the item index of a shard that is opened.</summary>
    public Action<ItemIndex>? Learn { get; set; }

    /// <summary>A trained table that shards opened from now on stand on; null: none.</summary>
    public byte[]? BaseTable { get; set; }

    public ShardHarness(int partitions = 1, ISnapshotStore? store = null, FakeKafka? kafka = null)
    {
        Kafka = kafka ?? new FakeKafka(partitions);
        Store = store ?? new InMemorySnapshotStore();
    }

    public async Task<UserShard> OpenAsync(int partition = 0)
    {
        var items = new ItemDictionary();
        var index = new ItemIndex(items, new ItemIndexOptions { CapEntries = 1024 });
        Learn?.Invoke(index);
        var tables = new VectorTables(Store, index, items, Fold.Dimensions);
        if (BaseTable is not null) await tables.UseBaseAsync(BaseTable, default);
        var services = new ShardServices
        {
            Items = items,
            Decoder = () => new EventDecoder(Kafka.Partitions, Fold.FutureAllowance),
            Recommender = () => new Recommender(index, Recall, new RerankOptions()),
            Scorer = Scorer,
            VectorTables = tables,
            Time = Time,
            Partitions = Kafka.Partitions,
            Fold = Fold,
            ConsentDefault = ConsentFlags.All,
            Shard = Options,
            Churn = Churn,
            ChurnZone = ChurnZone,
        };
        return new UserShard(services, Kafka.Open(partition), await Store.OpenShardAsync(partition, default));
    }

    /// <summary>The same log over an empty store, for a replay from the beginning: the log holds the vector tables too.</summary>
    public ShardHarness WithEmptyStore() => new(kafka: Kafka) { Options = Options, Fold = Fold, Churn = Churn, ChurnZone = ChurnZone };

    /// <summary>Drives a shard until its input is at an end; acts on errors as the actor does. Returns the number of take-overs after the first.</summary>
    public async Task<int> RunToEndAsync(UserShard shard, bool takeOver = true, int maxBatches = 10_000)
    {
        var again = 0;
        if (takeOver) await shard.TakeOverAsync(default);
        for (var n = 0; n < maxBatches; n++)
        {
            try
            {
                var batch = await shard.IngestAsync(default);
                var isEnd = batch.Events.AtEnd && batch.Events.Count == 0 && batch.Links.AtEnd && batch.Links.Count == 0;
                Time.Advance(TimeSpan.FromMilliseconds(11));
                await shard.WorkAsync(batch, default);
                await shard.CommitAsync(batch, default);
                if (isEnd && shard.Status.DirtyUsers == 0) return again;
            }
            catch (EngineException e) when (e.Action == ErrorAction.TakeOverAgain)
            {
                again++;
                await shard.TakeOverAsync(default);
            }
        }

        throw new InvalidOperationException("no end in sight");
    }

    /// <summary>Goes round without new input, a second of the shard's clock at a time, until something holds; acts on errors as the actor does.</summary>
    public async Task RunUntilAsync(UserShard shard, Func<bool> holds, int maxRounds = 200)
    {
        for (var n = 0; !holds(); n++)
        {
            if (n == maxRounds) throw new InvalidOperationException($"did not hold after {maxRounds} rounds: {shard.Status}");
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5); // what a slow store gives comes in on another thread
            await RunToEndAsync(shard, takeOver: false, maxBatches: 1_000);
        }
    }

    /// <summary>Hash over the content of every stored profile, in key order.</summary>
    public async Task<string> StateHashAsync(int partition = 0)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var shard = await Store.OpenShardAsync(partition, default);
        await foreach (var user in shard.ReadAllUsersAsync(default))
        {
            sha.AppendData(user.Key);
            sha.AppendData(UserRowCodec.Content(user.Blob));
        }

        return Convert.ToHexString(sha.GetHashAndReset());
    }

    /// <summary>Hash of the content of each stored profile, by key: names who differs.</summary>
    public async Task<SortedDictionary<string, string>> ProfilesAsync(int partition = 0)
    {
        var profiles = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await using var shard = await Store.OpenShardAsync(partition, default);
        await foreach (var user in shard.ReadAllUsersAsync(default))
            profiles.Add(new UserKey(user.Key).ToString(), Convert.ToHexString(SHA256.HashData(UserRowCodec.Content(user.Blob)), 0, 8));
        return profiles;
    }

    public async Task<UserState?> StoredAsync(UserKey key, int partition = 0)
    {
        await using var shard = await Store.OpenShardAsync(partition, default);
        var row = (await shard.ReadUsersAsync([key.Bytes], default))[0];
        return row.Blob is null ? null : new UserRowCodec(new ItemDictionary()).Decode(row.Blob, key);
    }

    private sealed class NoScorer : IScorer
    {
        public string? ModelVersion => null;

        public ValueTask<ScoreOutcome> ScoreAsync(ScoreRequest request, CancellationToken cancellation) => new(ScoreOutcome.NoModel);
    }
}
