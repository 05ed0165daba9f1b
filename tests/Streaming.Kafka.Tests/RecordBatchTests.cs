using System.Text;
using Streaming.Core.Shard;

namespace Streaming.Kafka.Tests;

public sealed class RecordBatchTests
{
    [Fact]
    public void Batch_grows_and_keeps_every_record()
    {
        var batch = new RecordBatch();
        batch.Reset(100);
        var value = new byte[900];
        for (var i = 0; i < 5_000; i++)
        {
            value.AsSpan().Fill((byte)i);
            batch.Add(100 + i, i, true, Encoding.UTF8.GetBytes($"k{i}"), false, value, false, "h"u8);
        }

        Assert.Equal(5_100, batch.NextOffset);
        for (var i = 0; i < 5_000; i++)
        {
            var record = batch.Records[i];
            Assert.Equal($"k{i}", Encoding.UTF8.GetString(batch.Key(record)));
            Assert.False(batch.Value(record).ContainsAnyExcept((byte)i));
            Assert.Equal(1, batch.Headers(record).Length);
        }
    }

    [Fact]
    public void Null_and_empty_differ()
    {
        var batch = new RecordBatch();
        batch.Reset(0);
        batch.Add(0, 0, false, default, true, default, true);
        batch.Add(1, 0, false, default, false, default, false);
        Assert.Equal((-1, -1), (batch.Records[0].KeyLength, batch.Records[0].ValueLength));
        Assert.Equal((0, 0), (batch.Records[1].KeyLength, batch.Records[1].ValueLength));
    }

    [Fact]
    public void Add_longer_than_the_limit_is_cut_and_says_how_long_it_was()
    {
        var batch = new RecordBatch { MaxValueBytes = 10 };
        batch.Reset(5);
        batch.Add(5, 0, true, new byte[11], false, new byte[1_000_000], false, "h"u8);
        batch.Add(6, 0, true, new byte[10], false, "0123456789"u8, false);
        Assert.Equal((10, 11, 10, 1_000_000), (batch.Records[0].KeyLength, batch.Records[0].FullKeyLength, batch.Records[0].ValueLength, batch.Records[0].FullValueLength));
        Assert.Equal("h"u8, batch.Headers(batch.Records[0]));
        Assert.Equal("0123456789"u8, batch.Value(batch.Records[1]));
        Assert.Equal((10, 10), (batch.Records[1].FullKeyLength, batch.Records[1].FullValueLength));
        Assert.InRange(batch.Bytes.Length, 1, 10_000);
    }
}
