using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Shard;
using Streaming.Host.Audit;
using Streaming.Host.Audit.Reference;
using Xunit;

namespace Streaming.Host.Tests.Audit;

/// <summary>Which events the audit calls good, so that a dead letter for one is a loss.</summary>
public sealed class ReferenceRefusalTests
{
    private const string View = """{"type":"view","userId":"v","itemId":"i","occurredAt":1766000000000""";
    private static readonly RefLimits Limits = new(65_536, 64, 4096, 256, 200, 64, 1_000_000, 1_000_000_000_000);

    // Fields that are wrong or right, behind those of a view or in place of them.
    public static TheoryData<string> Bad => [
        View + ""","Quantity":2}""", View + ""","quantity":0}""", View + ""","quantity":1.5}""", View + ""","quantity":"2"}""", View + ""","quantity":-0}""", View + ""","rating":5.04}""", View + ""","currency":"eur"}""",
        View + ""","unitPrice":3}""", View + ""","unitPrice":-1,"currency":"EUR"}""", View + ""","schemaVersion":2}""", View + ""","schemaVersion":"1"}""", View + ""","other":1,"other":2}""", View + ""","itemId":"j"}""",
        View + ""","device":""}""", View + ""","device":"\u0001"}""", View + ""","other":"\ud800"}""", View + ""","query":"\u0000"}""", View + ""","results":"x"}""", View + ""","results":[1]}""", View + ""","consent":true}""",
        View + ""","consent":{"Market":true}}""", View + ""","position":0}""", View + ""","type":null}""", View + "}x", View + ",}",
        """{"type":"view","userId":"v","itemId":"i","occurredAt":"2026-01-01T00:00:00"}""", """{"type":"view","userId":"v","itemId":"i","occurredAt":"2026-01-01T23:59:60Z"}""", """{"type":"view","userId":"v","occurredAt":1766000000000}""",
        """{"type":"search","userId":"v","occurredAt":1766000000000}""", """{"type":"review","userId":"v","itemId":"i","occurredAt":1766000000000}""", """{"type":"consent","userId":"v","occurredAt":1766000000000,"consent":{}}""",
        """{"type":"message","userId":"v","occurredAt":1766000000000,"state":"sent","alertId":"a","offerId":"b"}""", """{"type":"levitate","userId":"v","occurredAt":1766000000000}""", """{"type":"view","userId":"w","itemId":"i","occurredAt":1766000000000}""",
    ];

    public static TheoryData<string> Good => [
        View + "}", "\uFEFF" + View + "}", View + ""","quantity":1e0,"position":3,"surface":"home","results":["a","b"],"other":{"x":[1,null]}}""", View + ""","quantity":null,"unitPrice":null,"rating":null,"device":null}""",
        View + ""","unitPrice":0.10005,"currency":"EUR","schemaVersion":1}""", """{"type":"view","userId":"v","itemId":"i","occurredAt":"2026-01-01 00:00:00.1234+0200"}""", """{"type":"search","userId":"v","occurredAt":1766000000000,"results":[]}""",
        """{"type":"consent","userId":"v","occurredAt":1766000000000,"consent":{"market":null,"measure":false}}""", """{"type":"review","userId":"v","itemId":"i","occurredAt":1766000000000,"rating":4.5}""",
        """{"type":"wishlist","userId":"v","itemId":"i","occurredAt":1766000000000}""", """{"type":"erase","userId":"v","occurredAt":1766000000000}""",
    ];

    [Theory, MemberData(nameof(Bad))]
    public void Event_that_a_rule_refuses_is_not_called_good(string json)
    {
        Assert.NotEqual(DeadLetterReason.None, Engine(Encoding.UTF8.GetBytes(json)));
        Assert.False(IsGood(Encoding.UTF8.GetBytes(json)));
    }

    [Theory, MemberData(nameof(Good))]
    public void Event_that_no_rule_refuses_is_called_good(string json)
    {
        Assert.Equal(DeadLetterReason.None, Engine(Encoding.UTF8.GetBytes(json)));
        Assert.True(IsGood(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void What_the_engine_refuses_of_changed_events_is_never_called_good()
    {
        const int Seed = 20_261_130;
        var random = new Random(Seed);
        var samples = Good.Concat(Bad).Select(row => Encoding.UTF8.GetBytes(row.Data)).ToArray();
        int refused = 0, good = 0;
        for (var i = 0; i < 40_000; i++)
        {
            var value = samples[random.Next(samples.Length)].ToList();
            for (var changes = 1 + random.Next(2); changes > 0; changes--) Change(random, value, samples);
            byte[] bytes = [.. value];
            var reason = Engine(bytes);
            if (reason == DeadLetterReason.None) good += IsGood(bytes) ? 1 : 0;
            else if (IsGood(bytes)) Assert.Fail($"seed {Seed}, input {i}: {reason}, but called good: {Encoding.UTF8.GetString(bytes)}");
            else refused++;
        }

        Assert.True(refused > 10_000 && good > 1000, $"{refused} refused, {good} good");
    }

    [Theory]
    [InlineData("impossible", true, 1, 0), InlineData("impossible", false, 1, 0), InlineData("too_large", true, 1, 0), InlineData("too_large", false, 0, 1)]
    public async Task Dead_letter_of_a_good_event_is_lost_but_for_reasons_that_rest_on_limits_not_known(string reason, bool knowsSettings, int lost, int warnings)
    {
        var engine = new EngineHarness(partitions: 1);
        engine.Send("v", View + "}");
        engine.Send("v", View + ""","eventId":"e"}""");
        await engine.DrainAsync();
        await engine.HandOffAsync();
        var letter = new DeadLetter { DeadLetterId = engine.Names.Events + "-0-0", Topic = engine.Names.Events, Partition = 0, Offset = 0, TimestampMs = 0, Reason = reason, ValueBytes = 1, SchemaVersion = 1 };
        engine.Topics.Append(engine.Names.DeadLetters, 0, "v", JsonSerializer.Serialize(letter, ContractsJson.Default.DeadLetter));
        var result = await engine.AuditAsync(knowsSettings);
        Assert.Equal(lost, result.Problems.Count(p => p.StartsWith("lost: ", StringComparison.Ordinal) && p.Contains("is a good event by every rule")));
        Assert.Equal(warnings, result.Warnings.Count(w => w.Contains("is a good event by the default limits")));
    }

    private static void Change(Random random, List<byte> value, byte[][] samples)
    {
        if (value.Count == 0) return;
        var at = random.Next(value.Count);
        switch (random.Next(5))
        {
            case 0:
                value[at] = (byte)random.Next(256);
                break;
            case 1:
                value.RemoveAt(at);
                break;
            case 2:
                value.Insert(at, (byte)"0123456789-.eE\"\\{}[]:, nulAaZTz+"[random.Next(32)]);
                break;
            case 3:
                var other = samples[random.Next(samples.Length)];
                var from = random.Next(other.Length);
                value.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(12))]);
                break;
            default:
                value.RemoveRange(at, Math.Min(value.Count - at, random.Next(6)));
                break;
        }
    }

    private static bool IsGood(byte[] value) => RefEventReader.Read(new LogRecord(0, 1_766_000_000_000, true, "v"u8.ToArray(), value), out _) is not null && !RefRefusal.IsRefused(value, Limits);

    private static DeadLetterReason Engine(byte[] value)
    {
        var batch = new RecordBatch();
        batch.Reset(0);
        batch.Add(0, 1_766_000_000_000, true, "v"u8, false, value, false, []);
        var decoded = new DecodedBatch();
        new EventDecoder(1, TimeSpan.FromMinutes(5)).Decode(batch, 0, decoded);
        return decoded.Events[0].Reason;
    }
}
