using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Emit;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Emit;

/// <summary>
/// The topics that others read, as version 1 puts them on the wire: what this version writes is that to the byte, and it reads of it what it meant. A new field gets a line of its own; a line of these is never changed
/// (<c>STREAMING_WRITE_GOLDEN=FOLDER</c> writes what this version would record).
/// </summary>
public sealed class GoldenOutputTests
{
    private const long EventMs = 1_767_225_600_051, EmitMs = 1_767_225_600_100;
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Emit", "Golden");

    [Theory]
    [InlineData("recommendations")]
    [InlineData("churn-alerts")]
    [InlineData("dead-letters")]
    public void Output_records_are_written_as_version_1_wrote_them(string topic)
    {
        if (Environment.GetEnvironmentVariable("STREAMING_WRITE_GOLDEN") is { } folder) File.WriteAllLines(Path.Combine(folder, topic + "-v1.jsonl"), Written(topic));
        Assert.Equal(Golden(topic), Written(topic));
    }

    [Theory]
    [InlineData("recommendations")]
    [InlineData("churn-alerts")]
    [InlineData("dead-letters")]
    public void Output_records_of_version_1_are_read_whole(string topic)
    {
        JsonTypeInfo type = topic switch { "recommendations" => ContractsJson.Default.Recommendation, "churn-alerts" => ContractsJson.Default.ChurnAlert, _ => ContractsJson.Default.DeadLetter };
        Assert.NotEmpty(Golden(topic));
        foreach (var line in Golden(topic))
        {
            var again = JsonSerializer.Serialize(JsonSerializer.Deserialize(line, type), type);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(line), JsonNode.Parse(again)), $"{line}\n{again}");
        }
    }

    private static string[] Golden(string topic) => File.ReadAllLines(Path.Combine(Folder, topic + "-v1.jsonl"));

    private static string[] Written(string topic) => topic switch { "recommendations" => Recommendations(), "churn-alerts" => Alerts(), _ => DeadLetters() };

    // Each source once, with and without what explains it; a user and a guest; with and without model, vectors and degradation.
    private static string[] Recommendations()
    {
        var items = new ItemDictionary();
        using var writer = new OutputWriter(items, 3);
        var (list, because) = (new CandidateSet(), items.GetOrAdd("é \"1\""u8));
        foreach (var source in Enum.GetValues<CandidateSource>())
        {
            ref var candidate = ref list.Add(items.GetOrAdd(Encoding.UTF8.GetBytes($"i{(int)source}")));
            (candidate.Main, candidate.Score) = (source, 4 - ((int)source * 0.25f));
            if ((int)source % 2 == 0) candidate.Because = because;
        }

        var user = Text(writer.Recommendation(new UserState(UserKey.User("u 1")), list, "home", "ranker/7", "0123456789ab", 17, EventMs, EmitMs));
        list.Degraded = "model_missing";
        return [user, Text(writer.Recommendation(new UserState(UserKey.Guest("gäst")), list, "basket", null, null, 18, EventMs + 1, EmitMs + 1))];
    }

    private static string[] Alerts()
    {
        using var writer = new OutputWriter(new ItemDictionary(), 3);
        var model = new ChurnModel(new ChurnOptions());
        var once = new UserState(UserKey.User("u1")) { EpisodePosition = 5 };
        (once.Purchases.Occasions, once.Purchases.AmountE4, once.Purchases.FirstMs, once.Purchases.LastMs) = (1, 255_000, EventMs, EventMs);
        var often = new UserState(UserKey.User("kund é")) { EpisodePosition = 1_234_567 };
        (often.Purchases.Occasions, often.Purchases.AmountE4, often.Purchases.FirstMs, often.Purchases.LastMs) = (4, 1_000_000, EventMs - (90 * 86_400_000L), EventMs);
        return [Text(writer.ChurnAlert(once, model, 0.75, 0.25, treatment: false, EventMs + (30 * 86_400_000L), EmitMs)), Text(writer.ChurnAlert(often, model, 0.875, 0.5, treatment: true, EventMs + (60 * 86_400_000L), EmitMs))];
    }

    private static string[] DeadLetters()
    {
        (byte[]? Key, byte[]? Value, byte[] Headers, DeadLetterReason Reason)[] records =
        [
            ("k\u0000é"u8.ToArray(), [0xFF, 0x00, 0x7B], DeadLetterWriterTests.Headers(("trace", "t1"u8.ToArray()), ("trace", []), ("none", null)), DeadLetterReason.MissingUser),
            (null, null, [], DeadLetterReason.NullValue),
            ([], [], [], DeadLetterReason.EmptyValue),
            (new byte[DeadLetterWriter.MaxKeyBytes + 1], "{\"type\":"u8.ToArray(), [], DeadLetterReason.InvalidJson),
        ];
        var writer = new DeadLetterWriter();
        var batch = new RecordBatch();
        batch.Reset(17);
        for (var n = 0; n < records.Length; n++) batch.Add(17 + n, 123 + n, true, records[n].Key, records[n].Key is null, records[n].Value, records[n].Value is null, records[n].Headers);
        return [.. records.Select((record, n) => Text(writer.Write("events", 3, batch, in batch.Records[n], record.Reason)))];
    }

    private static string Text(ReadOnlySpan<byte> json) => Encoding.UTF8.GetString(json);
}
