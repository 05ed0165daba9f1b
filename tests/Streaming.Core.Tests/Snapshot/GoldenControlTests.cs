using System.Buffers;
using System.Buffers.Binary;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Tests.Shard;

namespace Streaming.Core.Tests.Snapshot;

/// <summary>
/// Every kind of record of <c>control</c>, every type of fact and the header of every record, as version 1 puts them on the wire: what this version writes is that to the byte, and what it reads of it is what it meant.
/// A new kind, type or field gets a file of its own; a line of these is never changed.
/// </summary>
public sealed class GoldenControlTests
{
    private const string User = "u:u1", Held = "u:u2", Topic = "churn-alerts";
    private const string Base = "3fbc9f11b242a5e7521013abc56b76b59052a9f0c1d2e3f405162738495a6b7c", Additive = "099c7a86682c828af19fc983247416f8b35c0ff3041b454f3366dafc474ba9ae";
    private static readonly string Settings = FoldSettingsJson.Write(new FoldOptions { Dimensions = 8 }, ConsentFlags.All);

    // The wire names stand in the file alone: here are the engine's.
    private static readonly ControlFact[] Facts =
    [
        new() { Type = FactTypes.Settings, Before = 40, Value = Settings },
        new() { Type = FactTypes.OutputsFrom, Before = 41, TimeMs = 1_800_000_000_011 },
        new() { Type = FactTypes.Historical, Before = 42, TimeMs = 1_700_000_000_000, RequestId = "replay-1" },
        new() { Type = FactTypes.Historical, Before = 43, RequestId = "replay-2" },
        new() { Type = FactTypes.Pause, Before = 44, Value = Topic, RequestId = "pause-1" },
        new() { Type = FactTypes.Resume, Before = 45, Value = Topic, RequestId = "resume-1" },
        new() { Type = FactTypes.Table, Before = 46, Sha256 = Base, Value = FactTypes.Base },
        new() { Type = FactTypes.Table, Before = 47, Sha256 = Additive, Value = FactTypes.Additive },
        new() { Type = FactTypes.Tick, Before = 48, TimeMs = 1_800_000_060_000 },
        new() { Type = FactTypes.Alert, Before = 49, User = User, Episode = 17 },
        new() { Type = FactTypes.Park, Before = 50, User = Held },
        new() { Type = FactTypes.Unpark, Before = 51, User = Held },
        new() { Type = FactTypes.DuesDeferred, Before = 52 },
        new() { Type = FactTypes.Ended, Before = 53, User = "a:g1" },
    ];

    private static string[] Golden => File.ReadAllLines(Path.Combine(ShardSamples.Folder, "control-kinds-v1.jsonl"));

    [Fact]
    public void Control_records_of_every_kind_are_written_as_version_1_wrote_them() => Assert.Equal(Golden, Expected().Select(Write));

    [Fact]
    public void Control_records_of_every_kind_are_read_as_what_version_1_meant()
    {
        var expected = Expected().ToArray();
        for (var i = 0; i < Golden.Length; i++)
        {
            var line = Encoding.UTF8.GetBytes(Golden[i]);
            object?[] read = [ControlJson.ReadBatch(line), ControlJson.ReadTable(line), ControlJson.ReadRepair(line), ControlJson.ReadRequest(line)];
            var record = Assert.Single(read, r => r is not null)!; // one kind, and no other reader takes it for its own
            Assert.IsType(expected[i].GetType(), record);
            Assert.Equal(Golden[i], Write(record));
        }
    }

    [Fact]
    public void Every_kind_and_every_type_of_fact_has_a_golden_line()
    {
        var names = typeof(FactTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.Name is not (nameof(FactTypes.Base) or nameof(FactTypes.Additive))).Select(f => (string)f.GetRawConstantValue()!);
        using var records = JsonDocument.Parse($"[{string.Join(',', Golden)}]");
        var batches = records.RootElement.EnumerateArray().Where(r => r.TryGetProperty("facts", out _));
        Assert.Equal(names.Order(), batches.SelectMany(b => b.GetProperty("facts").EnumerateArray()).Select(f => f.GetProperty("type").GetString()!).Distinct().Order());
        Assert.Equal(["batch", "repair", "request", "table"], records.RootElement.EnumerateArray().Select(r => r.GetProperty("kind").GetString()!).Distinct().Order());
    }

    [Fact]
    public void Facts_of_version_1_fold_to_what_they_meant()
    {
        var memory = new ShardMemory(new ItemDictionary(), 8, new ShardOptions());
        var (state, fold) = (memory.State, new FactFold(memory));
        foreach (var (sha256, isBase) in ((string, bool)[])[(Base, true), (Additive, false)]) fold.Tables[sha256] = new VectorTableVersion(sha256, isBase, []);
        foreach (var fact in Golden.Select(line => ControlJson.ReadBatch(Encoding.UTF8.GetBytes(line))).SelectMany(b => b?.Facts ?? []).Take(Facts.Length))
        {
            fold.Apply(fact, sequence: 1, null!); // nobody is in memory whom a fact could make an output of
            if (fact.Before == 40) Assert.Equal((Settings, false), (state.Settings.Text, state.Historical));
            if (fact.Before == 41) Assert.Equal(1_800_000_000_011, state.OutputsFromMs);
            if (fact.Before == 42) Assert.Equal((1_700_000_000_000, true), (state.OutputsFromMs, state.Historical));
            if (fact.Before == 43) Assert.Equal(long.MinValue, state.OutputsFromMs);
            if (fact.Before >= 44) Assert.Equal(fact.Before == 44 ? [Topic] : [], state.Paused);
        }

        Assert.Equal([(Base, true), (Additive, false)], state.Tables);
        Assert.Equal((1_800_000_060_000, ConsentFlags.All), (state.StreamTimeMs, state.ConsentDefault));
        Assert.Equal(["replay-1", "replay-2", "pause-1", "resume-1"], state.AppliedRequests);
    }

    /// <summary>What an alert's fact says beyond version 1: when it went out, and whose budget it was taken from.</summary>
    [Fact]
    public void Alerts_that_are_counted_and_timed_are_written_and_fold_as_they_did()
    {
        ControlFact[] facts =
        [
            new() { Type = FactTypes.Alert, Before = 9, User = User, Episode = 3, TimeMs = 1_800_000_000_123, Value = "20833" },
            new() { Type = FactTypes.Alert, Before = 9, User = Held, Episode = 4, Value = "20833" },
            new() { Type = FactTypes.Alert, Before = 9, User = User, Episode = 5 },
        ];
        var line = File.ReadAllLines(Path.Combine(ShardSamples.Folder, "control-alerts-v2.jsonl")).Single();
        Assert.Equal(line, Write(new ControlBatch { Sequence = 1, EventsFrom = 0, EventsTo = 9, LinksFrom = 0, LinksTo = 0, ControlTo = 0, Facts = facts }));
        var memory = new ShardMemory(new ItemDictionary(), 8, new ShardOptions());
        memory.State.AddSettings(FoldSettingsJson.Read(Settings));
        var user = memory.Start(UserKey.User("u1"));
        memory.Start(UserKey.User("u2")).AppliedSequence = 1; // its row holds the batch already: the shard's count does not
        var fold = new FactFold(memory);
        foreach (var fact in ControlJson.ReadBatch(Encoding.UTF8.GetBytes(line))!.Facts!) fold.Apply(fact, sequence: 1, null!);
        Assert.Equal((2, 0), (memory.State.SpentOn(20_833), memory.State.SpentOn(20_834)));
        Assert.Equal((5, 1_800_000_000_123), (user.AlertedEpisode, user.AlertedAtMs));
        memory.State.Spend(20_834, 1);
        Assert.Equal((0, 1), (memory.State.SpentOn(20_833), memory.State.SpentOn(20_834)));
    }

    [Fact]
    public void Alert_of_a_day_that_is_none_is_refused()
    {
        var bad = Encoding.UTF8.GetBytes("""{"kind":"batch","sequence":1,"eventsFrom":0,"eventsTo":9,"linksFrom":0,"linksTo":0,"controlTo":0,"facts":[{"type":"alert","before":9,"user":"u:u1","episode":3,"value":"today"}]}""");
        Assert.Contains("'alert'", Assert.Throws<Streaming.Core.Errors.CorruptRowException>(() => ControlJson.ReadBatch(bad)).Message);
    }

    /// <summary>Name and value are what tells the records of an earlier version's open transaction apart.</summary>
    [Fact]
    public void Transaction_headers_of_version_1_are_written_and_read_to_the_byte()
    {
        Span<byte> value = stackalloc byte[TransactionHeader.MaxBytes];
        var lines = File.ReadAllLines(Path.Combine(ShardSamples.Folder, "transaction-headers-v1.txt")).Select(l => l.Split('\t')).ToArray();
        Assert.Equal(3, lines.Length);
        foreach (var line in lines)
        {
            var (shard, number) = (int.Parse(line[0]), long.Parse(line[1]));
            var written = Encoding.UTF8.GetString(value[..TransactionHeader.Write(value, shard, number)]);
            Assert.Equal((line[2], line[3]), (TransactionHeader.Name, written));
            byte[] headers = [.. Encoded("traceparent", "00-1"), .. Encoded(line[2], line[3])];
            Assert.True(TransactionHeader.TryRead(headers, out var readShard, out var readNumber));
            Assert.Equal((shard, number), (readShard, readNumber));
        }
    }

    private static IEnumerable<object> Expected()
    {
        yield return new ControlBatch { Sequence = 1, EventsFrom = 0, EventsTo = 40, LinksFrom = 0, LinksTo = 3, ControlTo = 2 };
        for (var n = 0; n < Facts.Length; n++) yield return new ControlBatch { Sequence = n + 2, EventsFrom = 40 + n, EventsTo = 41 + n, LinksFrom = 3, LinksTo = 4, ControlTo = n + 3, Facts = [Facts[n]] };
        yield return new ControlBatch
        {
            Sequence = 16, EventsFrom = 54, EventsTo = 61, LinksFrom = 4, LinksTo = 4, ControlTo = 17,
            Facts =
            [
                new() { Type = FactTypes.DuesDeferred, Before = 54 }, new() { Type = FactTypes.Park, Before = 54, User = Held },
                new() { Type = FactTypes.Tick, Before = 61, TimeMs = 1_800_000_120_000 }, new() { Type = FactTypes.Ended, Before = 61, User = "u:u3" },
            ],
        };
        yield return new ControlTable { Sha256 = Additive, Bytes = [1, 2, 3, 4, 250, 251, 252, 253, 254, 255] };
        yield return new ControlRepair
        {
            Transaction = 8_111_222_333_444_555_666,
            Places = [.. Enum.GetValues<OutputTopic>().Select((topic, n) => new ControlPlace { Topic = topic.ToString(), Partition = n, From = 17 + n, To = 19 + (2 * n), TimeMs = 1_800_000_000_123 + n })],
        };
        yield return new ControlRepair { Transaction = 8_111_222_333_444_555_666, IsDone = true };
        yield return new ControlRequest { RequestId = "replay-1", Type = FactTypes.Historical, TimeMs = 1_700_000_000_000 };
        yield return new ControlRequest { RequestId = "replay-2", Type = FactTypes.Historical };
        yield return new ControlRequest { RequestId = "pause-1", Type = FactTypes.Pause, Value = Topic };
        yield return new ControlRequest { RequestId = "resume-1", Type = FactTypes.Resume, Value = Topic };
    }

    private static string Write(object record)
    {
        var into = new ArrayBufferWriter<byte>();
        if (record is ControlBatch batch) ControlJson.Write(batch, into);
        return record switch
        {
            ControlBatch => Encoding.UTF8.GetString(into.WrittenSpan),
            ControlTable table => JsonSerializer.Serialize(table, ContractsJson.Default.ControlTable),
            ControlRepair repair => JsonSerializer.Serialize(repair, ContractsJson.Default.ControlRepair),
            _ => JsonSerializer.Serialize(record, (JsonTypeInfo)ContractsJson.Default.ControlRequest),
        };
    }

    // As SourceRecord.HeadersStart says.
    private static byte[] Encoded(string name, string value)
    {
        var bytes = new byte[2 + name.Length + 4 + value.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)name.Length);
        Encoding.ASCII.GetBytes(name, bytes.AsSpan(2));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2 + name.Length), value.Length);
        Encoding.ASCII.GetBytes(value, bytes.AsSpan(6 + name.Length));
        return bytes;
    }
}
