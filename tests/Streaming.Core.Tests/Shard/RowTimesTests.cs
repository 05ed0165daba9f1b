using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

public sealed class RowTimesTests
{
    [Fact]
    public void Note_keeps_the_newest_time_of_a_key()
    {
        var times = new RowTimes(1000);
        Assert.Equal(0, times[5]);
        times.Note(5, 10);
        times.Note(5, 7);
        Assert.Equal(10, times[5]);
        times.Note(5, 12);
        Assert.Equal(12, times[5]);
        Assert.Equal(0, times[6]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Note_beyond_the_bound_forgets_the_oldest_and_never_says_more_than_was_noted(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<ulong, long>();
        var times = new RowTimes(64);
        for (var time = 1L; time <= 5000; time++)
        {
            var hash = (ulong)random.NextInt64(400) * 0x9E3779B97F4A7C15;
            times.Note(hash, time);
            model[hash] = time;
            Assert.True(times[hash] == time, $"seed {seed}: the newest is forgotten");
        }

        var known = model.Count(m => times[m.Key] != 0);
        Assert.All(model, m => Assert.True(times[m.Key] == 0 || times[m.Key] == m.Value, $"seed {seed}: {m.Key}"));
        Assert.InRange(known, 1, 64);
    }
}
