using System.Text;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Core.Tests.Decode;

/// <summary>Seeded mutations of good and bad records: the decoder is total, one result a record, both ways alike.</summary>
public sealed class DecodeFuzzTests(ITestOutputHelper output)
{
    private const int EventsPerSeed = 10_000;
    private const string Reader = "events", Applied = "applied";
    private static readonly byte[][] Seeds =
    [
        .. PoisonShapes.All.Where(s => s.Value is { Length: > 0 and < 2000 }).Select(s => s.Value!),
        Encoding.UTF8.GetBytes("""{"type":"search","userId":"u4711","occurredAt":"2026-01-01T00:00:00Z","query":"q\u00e9","results":["i1","i2"],"x":{"y":[1,2]}}"""),
        Encoding.UTF8.GetBytes("""{"type":"consent","userId":"u4711","occurredAt":1767225600051,"consent":{"personalise":true,"market":false}}"""),
        Encoding.UTF8.GetBytes("""{"type":"message","userId":"u4711","occurredAt":1767225600051,"state":"opened","alertId":"a1","surface":"mail","device":"phone"}"""),
        Encoding.UTF8.GetBytes("""{"type":"purchase","userId":"u4711","itemId":"i1","occurredAt":1767225600051,"quantity":3,"unitPrice":12.50,"currency":"EUR","rating":4.5}"""),
    ];

    private static readonly byte[] Alphabet = "{}[]\":,\\u0019eE+-.tfnN /\u0001\u007F"u8.ToArray();

    /// <summary>What each of the corpus came to when it was put there: its reason, or applied.</summary>
    [Fact]
    public void Events_of_the_corpus_come_to_what_they_came_to()
    {
        var corpus = FuzzRun.Corpus(Reader);
        Assert.NotEmpty(corpus);
        Assert.Equal(corpus.Select(c => (c.Name, c.Outcome)), corpus.Select(c => (c.Name, Outcome(c.Bytes))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_events_give_one_result_each_and_never_throw(int seed)
    {
        Check(seed);
        if (Environment.GetEnvironmentVariable("STREAMING_WRITE_CORPUS") is { } folder) Write(Path.Combine(folder, Reader), seed);
    }

    [Fact]
    public void Mutated_events_of_a_long_run_give_one_result_each()
    {
        Assert.SkipWhen(Fuzz.Inputs(0) == 0, "only where STREAMING_FUZZ_INPUTS asks for a long run");
        for (var seed = 4; seed < 4 + (Fuzz.Inputs(0) / EventsPerSeed); seed++) Check(seed);
    }

    private static string Outcome(byte[] value)
    {
        var fixture = new DecodeFixture().Add(value, "u4711"u8.ToArray());
        var reason = fixture.Decode()[0].Reason;
        return reason == DeadLetterReason.None ? Applied : reason.WireName();
    }

    // The first of each outcome.
    private static void Write(string folder, int seed)
    {
        Directory.CreateDirectory(folder);
        var (random, seen) = (new Random(seed), new HashSet<string>());
        for (var i = 0; i < EventsPerSeed; i++)
        {
            var value = Mutate(Seeds[random.Next(Seeds.Length)], random);
            if (seen.Add(Outcome(value))) File.WriteAllBytes(Path.Combine(folder, $"seed-{seed}-{i}.{Outcome(value)}"), value);
        }
    }

    private void Check(int seed)
    {
        var random = new Random(seed);
        var fixture = new DecodeFixture();
        for (var i = 0; i < EventsPerSeed; i++) fixture.Add(Mutate(Seeds[random.Next(Seeds.Length)], random), "u4711"u8.ToArray());
        var strict = new Core.Decode.DecodedBatch();

        var events = fixture.Decode();
        DecodeFixture.Strict().Decode(fixture.Source, DecodeFixture.Partition, strict);

        Assert.Equal(EventsPerSeed, events.Length);
        var applied = 0;
        for (var i = 0; i < EventsPerSeed; i++)
        {
            Assert.Equal(i, events[i].Record);
            Assert.True(Enum.IsDefined(events[i].Reason), $"seed {seed}, event {i}");
            Assert.Equal((seed, i, DecodeFixture.Describe(strict, strict.Events[i])), (seed, i, DecodeFixture.Describe(fixture.Batch, events[i])));
            if (events[i].Reason != DeadLetterReason.None) continue;
            applied++;
            Assert.NotEqual(EventType.Unknown, events[i].Type);
            Assert.InRange(events[i].Quantity, 1, 1_000_000);
            Assert.InRange(events[i].UnitPriceE4, -1, 1_000_000_000_000);
        }

        output.WriteLine(FuzzRun.Told(Reader, EventsPerSeed, applied));
        Assert.InRange(applied, 1, EventsPerSeed - 1);
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var left = random.Next(4); left > 0; left--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                    break;
                case 3 when bytes.Count > 1:
                    bytes.RemoveRange(at, random.Next(Math.Min(8, bytes.Count - at) + 1));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    var other = Seeds[random.Next(Seeds.Length)];
                    var from = random.Next(other.Length);
                    bytes.InsertRange(at, other[from..random.Next(from, other.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
