using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Core.Shard;
using Streaming.Kafka;

namespace Streaming.Faults.Workload;

/// <summary>Which models the committed lists name, and what is wrong with that.</summary>
/// <param name="versions">Models that may have scored a list.</param>
internal sealed class ListModels(IReadOnlyList<string> versions)
{
    private const string NoModel = "no_model";
    private const int MostRecords = 5000;
    private readonly Dictionary<string, int> _lists = versions.ToDictionary(v => v, _ => 0), _strange = [];
    private int _withoutCause;

    /// <summary>Lists of each model.</summary>
    public IReadOnlyDictionary<string, int> Lists => _lists;

    /// <summary>Lists that no model scored, and that say why.</summary>
    public int Unscored { get; private set; }

    /// <summary>What is wrong, in words.</summary>
    public IEnumerable<string> Faults =>
    [
        .. _strange.Select(s => $"{s.Value} lists name the model {s.Key}, which was never there"),
        .. _lists.Where(l => l.Value == 0).Select(l => $"no list names the model {l.Key}"),
        .. _withoutCause > 0 ? (string[])[$"{_withoutCause} lists name no model where one was there all the while"] : [],
    ];

    /// <summary>Takes a list.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        var list = JsonSerializer.Deserialize(value, ContractsJson.Default.Recommendation)!;
        if (list.ModelVersion is not { } model)
        {
            if (list.Degraded is null or NoModel) _withoutCause++;
            else Unscored++;
        }
        else if (_lists.TryGetValue(model, out var count)) _lists[model] = count + 1;
        else _strange[model] = _strange.GetValueOrDefault(model) + 1;
    }

    /// <summary>Takes every committed list.</summary>
    public async Task ReadAsync(KafkaOptions kafka, int partitions, CancellationToken cancellation)
    {
        var all = Enumerable.Range(0, partitions).ToArray();
        await using var reader = await KafkaTopicReader.OpenAsync(kafka, kafka.Topics.Recommendations, all, null, NullLogger<KafkaTopicReader>.Instance, cancellation);
        var batch = new RecordBatch();
        while (Array.Exists(all, p => reader.Position(p) < reader.Bounds[p].StableEnd))
        {
            if (await reader.ReadAsync(batch, MostRecords, TimeSpan.FromSeconds(1), cancellation) < 0) continue;
            for (var i = 0; i < batch.Count; i++) Add(batch.Value(batch.Records[i]));
        }
    }
}
