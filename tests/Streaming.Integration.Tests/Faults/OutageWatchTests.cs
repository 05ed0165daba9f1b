using Streaming.Faults.Engine;

namespace Streaming.Integration.Tests.Faults;

/// <summary>What is called "scoring goes on", and what is not.</summary>
public sealed class OutageWatchTests
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMilliseconds(30), Most = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Shards_that_commit_in_every_window_go_on() =>
        Assert.Equal((3, null), await WindowsAsync([5, 5], [6, 9], [7, 10], [8, 11]));

    [Fact]
    public async Task Shard_that_commits_at_the_begin_alone_stands()
    {
        var (window, finding) = await WindowsAsync([5, 5], [9, 6], [9, 7], [9, 8]);
        Assert.Equal(2, window);
        Assert.StartsWith("nothing was committed in shards 0 in window 2 of 3", finding);
    }

    [Fact]
    public async Task Last_window_counts()
    {
        var (window, finding) = await WindowsAsync([5, 5], [6, 6], [7, 7], [8, 7]);
        Assert.Equal(3, window);
        Assert.StartsWith("nothing was committed in shards 1 in window 3 of 3", finding);
    }

    [Fact]
    public async Task Engine_that_does_not_say_what_it_has_proves_nothing()
    {
        Assert.StartsWith("the engine did not say what was committed at its begin", (await WindowsAsync([], [6, 6], [7, 7], [8, 8])).Finding);
        Assert.StartsWith("the engine did not say what was committed at its end", (await WindowsAsync([5, 5], [])).Finding);
    }

    [Fact]
    public void Shard_that_is_not_there_stands() => Assert.Equal("nothing was committed in shards 1", ShardProgress.Stood(2, new() { [0] = 5 }, new() { [0] = 6, [1] = 3 }));

    [Theory]
    [InlineData(45, 9)]
    [InlineData(12, 2)]
    [InlineData(3, 1)]
    public void Nothing_is_left_over_after_the_last_window(int seconds, int windows) => Assert.Equal(windows, OutageWatch.WindowsIn(TimeSpan.FromSeconds(seconds), Most));

    [Fact]
    public void Pause_between_lists_has_a_bar()
    {
        Assert.Null(OutageWatch.PauseIn(100, 4.9, Most));
        Assert.Equal("no recommendation came for 5.1 s", OutageWatch.PauseIn(100, 5.1, Most));
        Assert.Equal("nothing was recommended", OutageWatch.PauseIn(0, 0, Most));
    }

    // One look after the other, each with the position of every shard.
    private static Task<(int Windows, string? Finding)> WindowsAsync(params long[][] looks)
    {
        var next = 0;
        return OutageWatch.WindowsAsync(2, Lasts, 3, () => Task.FromResult(looks[next++].Select((p, i) => (p, i)).ToDictionary(s => s.i, s => s.p)), null, TestContext.Current.CancellationToken);
    }
}
