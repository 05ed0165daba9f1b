using System.Text;
using System.Text.Json;
using Streaming.Api.Events;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Shard;

namespace Streaming.Api.Tests.Events;

/// <summary>What the check lets pass, the engine applies; what it refuses, the engine would have refused for the same reason.</summary>
public sealed class SameAsTheEngineTests
{
    private const int Partitions = 7;

    private static readonly string[] Ids = ["u1", " u1 ", "a\u0301", "\u00e1", "u\u200b1", "", " ", "a\u0001", "\ud83d\ude00", "u/1", "%2e%2e", "\u202eevil", "\"quoted\\\"", new('x', 256), new('x', 257)];

    [Fact]
    public void Record_that_passes_is_applied_by_the_shard_that_owns_its_key()
    {
        var checks = new EventChecks(new DecodeOptions());
        var (passed, refused) = (0, 0);
        foreach (var user in Ids)
        {
            foreach (var guest in Ids)
            {
                foreach (var type in (string[])["view", "identify", "consent"])
                {
                    var value = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["type"] = type, ["userId"] = user, ["anonymousId"] = guest, ["itemId"] = "i1", ["market"] = true, ["occurredAt"] = 1_767_225_600_051 });
                    var found = checks.Check(value, "given");
                    if (found.Reason is null)
                    {
                        passed++;
                        Assert.Equal("given", found.EventId);
                        Assert.Equal(DeadLetterReason.None, Decode(found.Record.Value.Span, found.Record.Key.Span));
                    }
                    else
                    {
                        refused++;
                        Assert.Equal(found.Reason, Decode(value, "-"u8).WireName());
                    }
                }
            }
        }

        Assert.True(passed > 100 && refused > 100, $"{passed} passed, {refused} refused");
    }

    [Fact]
    public void Seeded_damage_never_gets_past_the_check()
    {
        var checks = new EventChecks(new DecodeOptions());
        var random = new Random(20_260);
        var whole = Encoding.UTF8.GetBytes("""{"type":"search","userId":"u\u00e9 1","anonymousId":"g","query":"red \"shoes\"","results":["a","b"],"eventId":"e1","occurredAt":"2026-01-01T00:00:00Z","more":{"a":[1,2,{}]}}""");
        var passed = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var value = whole.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--) value[random.Next(value.Length)] = (byte)random.Next(256);
            var found = checks.Check(value, random.Next(2) == 0 ? "given" : null);
            if (found.Reason is not null) continue;
            passed++;
            Assert.Equal((i, DeadLetterReason.None), (i, Decode(found.Record.Value.Span, found.Record.Key.Span)));
        }

        Assert.True(passed > 100, $"{passed} passed");
    }

    [Fact]
    public void Event_beyond_its_size_is_refused_as_that()
    {
        var checks = new EventChecks(new DecodeOptions());
        var fits = Encoding.UTF8.GetBytes("{\"type\":\"view\",\"userId\":\"u\",\"itemId\":\"i\",\"eventId\":\"e\",\"occurredAt\":1767225600051}".PadRight(64 * 1024));
        Assert.Null(checks.Check(fits, null).Reason);
        Assert.Equal("too_large", checks.Check((byte[])[.. fits, (byte)' '], null).Reason);
        Assert.Equal("too_large", checks.Check(new byte[1024 * 1024], null).Reason);
    }

    [Fact]
    public void Canonical_form_of_an_id_is_the_engine_s()
    {
        var checks = new EventChecks(new DecodeOptions());
        Assert.True(checks.TryCanonical(" a\u0301\u200b ", out var id));
        Assert.Equal("\u00e1", id);
        Assert.True(checks.TryCanonical("plain", out id));
        Assert.Equal("plain", id);
        foreach (var none in (string[])["", " ", "\u200b", "a\nb", "a\u2028b", new string('x', 257)]) Assert.False(checks.TryCanonical(none, out _));
    }

    private static DeadLetterReason Decode(ReadOnlySpan<byte> value, ReadOnlySpan<byte> key)
    {
        var partition = Murmur2.Partition(key, Partitions);
        var batch = new RecordBatch();
        batch.Add(0, 1_767_225_600_100, isAppendTime: true, key, keyIsNull: false, value, valueIsNull: false);
        var into = new DecodedBatch();
        new EventDecoder(Partitions, TimeSpan.FromMinutes(5)).Decode(batch, partition, into);
        return into.Events[0].Reason;
    }
}
