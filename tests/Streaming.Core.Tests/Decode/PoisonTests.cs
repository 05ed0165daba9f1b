using System.Text;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Shard;
using Xunit;

namespace Streaming.Core.Tests.Decode;

public sealed class PoisonTests
{
    private const int BatchLength = 9;

    public static TheoryData<int, string> ShapesAndPlaces()
    {
        var data = new TheoryData<int, string>();
        foreach (var number in PoisonShapes.All.Select(s => s.Number).Distinct())
        {
            foreach (var place in (string[])["first", "middle", "last"]) data.Add(number, place);
        }

        return data;
    }

    [Fact]
    public void Shapes_cover_the_forty() => Assert.Equal(Enumerable.Range(1, 40), PoisonShapes.All.Select(s => s.Number).Distinct().Order());

    [Theory]
    [MemberData(nameof(ShapesAndPlaces))]
    public void Poison_in_a_batch_touches_no_other_record(int number, string place)
    {
        var at = place switch { "first" => 0, "middle" => BatchLength / 2, _ => BatchLength - 1 };
        foreach (var shape in PoisonShapes.All.Where(s => s.Number == number))
        {
            var fixture = new DecodeFixture();
            for (var i = 0; i < BatchLength; i++)
            {
                if (i == at) fixture.Add(shape.Value, Encoding.UTF8.GetBytes(shape.Key));
                else fixture.Add(DecodeFixture.Common.Replace("e17", $"e{i}"));
            }

            var events = fixture.Decode();

            Assert.Equal(BatchLength, events.Length);
            for (var i = 0; i < BatchLength; i++)
            {
                Assert.Equal(i, events[i].Record);
                Assert.Equal(1000 + i, events[i].Offset);
                var text = DecodeFixture.Describe(fixture.Batch, events[i]);
                if (i != at)
                {
                    Assert.Contains($"|e{i}|", text);
                }
                else if (shape.Reason != DeadLetterReason.None)
                {
                    Assert.Equal((shape.ToString(), shape.Reason), (shape.ToString(), events[i].Reason));
                }
                else
                {
                    Assert.Contains(shape.Expected, text);
                }
            }
        }
    }

    [Fact]
    public void Valid_record_after_ten_thousand_poison_ones_is_applied()
    {
        var fixture = new DecodeFixture();
        var dead = PoisonShapes.All.Where(s => s.Reason != DeadLetterReason.None && (s.Value?.Length ?? 0) < 1000).ToArray();
        for (var i = 0; i < 10_000; i++) fixture.Add(dead[i % dead.Length].Value, Encoding.UTF8.GetBytes(dead[i % dead.Length].Key));
        fixture.Add(DecodeFixture.Common);

        var events = fixture.Decode();

        Assert.Equal(10_001, events.Length);
        Assert.DoesNotContain(events[..^1].ToArray(), e => e.Reason == DeadLetterReason.None);
        Assert.Equal(DeadLetterReason.None, events[^1].Reason);
    }

    [Fact]
    public void Record_without_key_is_dead()
    {
        var fixture = new DecodeFixture();
        fixture.Add(Encoding.UTF8.GetBytes(DecodeFixture.Common), key: null);
        Assert.Equal(DeadLetterReason.MissingKey, fixture.Decode()[0].Reason);
    }

    [Fact]
    public void Record_in_a_partition_that_does_not_own_its_key_is_dead()
    {
        for (var p = 0; p < DecodeFixture.Partitions; p++)
        {
            var expected = p == DecodeFixture.Partition ? DeadLetterReason.None : DeadLetterReason.WrongPartition;
            Assert.Equal(expected, DecodeFixture.One(DecodeFixture.Common, partition: p).Event.Reason);
        }
    }

    [Fact]
    public void Headers_of_any_kind_change_nothing()
    {
        foreach (var headers in (byte[][])[[], [1], new byte[1_000_000], [1, 0, (byte)'a', 255, 255, 255, 255, 1, 0, (byte)'a', 0, 0, 0, 0]])
        {
            var source = new RecordBatch();
            source.Reset(0);
            source.Add(0, -1, true, "u4711"u8, false, Encoding.UTF8.GetBytes(DecodeFixture.Common), false, headers);
            var batch = new DecodedBatch();
            new EventDecoder(DecodeFixture.Partitions, DecodeFixture.Allowance).Decode(source, DecodeFixture.Partition, batch);
            Assert.Equal(DeadLetterReason.None, batch.Events[0].Reason);
            Assert.Equal(1_767_225_600_051, batch.Events[0].OccurredAtMs);
        }
    }
}
