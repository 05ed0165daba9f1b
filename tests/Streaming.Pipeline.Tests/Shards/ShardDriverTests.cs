using Streaming.Core.Errors;
using Streaming.Pipeline.Shards;
using Streaming.Pipeline.Tests.Fakes;

namespace Streaming.Pipeline.Tests.Shards;

public sealed class ShardDriverTests(StreamFixture fixture) : IClassFixture<StreamFixture>
{
    private readonly TestTime _time = new();
    private readonly ShardEntry _entry = new(0);
    private readonly ShardDriverOptions _options = new();

    [Fact]
    public async Task TakeOverAgain_drops_batches_in_flight_and_waits_for_running_steps()
    {
        var hold = new TaskCompletionSource();
        var failed = false;
        var (factory, driver, run) = Start(shard => shard.Inside = (step, n, c) =>
        {
            if (!failed && step == "commit" && n == 0) return hold.Task;
            if (failed || step != "work" || n != 1) return Quick(step, c);
            failed = true;
            throw new IndefiniteOutcomeException("no answer");
        });
        await Eventually.HoldsAsync(() => failed, "work 1 fails while commit 0 runs");
        await Eventually.SettleAsync();
        var shard = Assert.Single(factory.All);
        Assert.Equal(1, shard.Log.Count(line => line == "take-over"));
        hold.SetResult();
        await Eventually.HoldsAsync(() => shard.Log.Count(line => line == "take-over") == 2 && shard.Committed > 5, "takes over at once, on the same shard");
        Assert.Single(factory.All);
        Assert.True(shard.Log.ToList().IndexOf("commit 0 done") < shard.Log.ToList().LastIndexOf("take-over"));
        await EndAsync(driver, run, factory);
    }

    [Fact]
    public async Task TakeOverAgain_without_progress_backs_off_after_its_attempts()
    {
        var attempts = 0;
        var (factory, driver, run) = Start(shard => shard.Inside = (step, _, _) =>
        {
            if (step != "take-over") return Task.CompletedTask;
            Interlocked.Increment(ref attempts);
            throw new TransactionAbortedException("aborted");
        });
        await _time.WaitBegunAsync(_options.RetryBackOff);
        Assert.Equal(_options.ImmediateTakeOvers + 1, attempts);
        await AdvanceUntilAsync(() => attempts == _options.ImmediateTakeOvers + 2, _options.RetryBackOff);
        await EndAsync(driver, run, factory);
    }

    [Fact]
    public async Task Fenced_shard_is_disposed_and_stays_away_for_the_back_off()
    {
        var fenced = false;
        var (factory, driver, run) = Start(shard => shard.Inside = (step, n, c) =>
        {
            if (fenced || step != "commit") return Quick(step, c);
            fenced = true;
            throw new FencedException("another owner");
        });
        await Eventually.HoldsAsync(() => _entry.Phase == ShardPhases.Fenced && factory.All.Single().IsDisposed, "fenced and disposed");
        await _time.WaitBegunAsync(_options.FenceBackOff);
        _time.Advance(_options.FenceBackOff - TimeSpan.FromSeconds(1));
        await Eventually.SettleAsync();
        Assert.Single(factory.All);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => factory.All.Count == 2, "a new shard");
        await Eventually.HoldsAsync(() => _entry.Phase == ShardPhases.Running, "comes back");
        await EndAsync(driver, run, factory);
    }

    [Fact]
    public async Task Fenced_shard_stays_away_while_a_member_cannot_be_reached()
    {
        var (fenced, away) = (false, true);
        var factory = new FakeShardFactory(shard => shard.Inside = (step, _, c) =>
        {
            if (fenced || step != "commit") return Quick(step, c);
            fenced = true;
            throw new FencedException("another owner");
        });
        using var driver = new ShardDriver(fixture.Node(factory, _time, isMemberAway: () => away), _entry);
        var run = driver.RunAsync(Task.CompletedTask);
        await AdvanceUntilAsync(() => fenced && _entry.Phase == ShardPhases.Fenced, _options.FenceBackOff);
        for (var second = 0; second < 5; second++)
        {
            await _time.WaitBegunAsync(TimeSpan.FromSeconds(1));
            Assert.Single(factory.All);
            if (second == 4) away = false;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await Eventually.HoldsAsync(() => factory.All.Count == 2 && _entry.Phase == ShardPhases.Running, "comes back");
        await EndAsync(driver, run, factory);
    }

    [Fact]
    public async Task Fenced_partition_stays_away_in_a_new_driver_too()
    {
        var factory = new FakeShardFactory();
        var node = fixture.Node(factory, _time);
        node.Fences.Record(0);
        using var driver = new ShardDriver(node, _entry);
        var run = driver.RunAsync(Task.CompletedTask);
        await _time.WaitBegunAsync(_options.FenceBackOff);
        Assert.Empty(factory.All);
        Assert.Equal(ShardPhases.Fenced, _entry.Phase);
        await AdvanceUntilAsync(() => factory.All.Count == 1, _options.FenceBackOff);
        await EndAsync(driver, run, factory);
    }

    [Fact]
    public void Fence_ledger_fenced_again_soon_doubles_up_to_its_limit()
    {
        var ledger = new FenceLedger(_options, _time, () => 0);
        var delays = Enumerable.Range(0, 8).Select(_ =>
        {
            var delay = ledger.Record(3);
            _time.Advance(delay);
            Assert.Equal(TimeSpan.Zero, ledger.Remaining(3));
            return delay.TotalSeconds;
        }).ToList();
        Assert.Equal([10, 20, 40, 80, 160, 300, 300, 300], delays);
        _time.Advance(_options.FenceBackOffMax);
        Assert.Equal(_options.FenceBackOff, ledger.Record(3));
        Assert.Equal(TimeSpan.Zero, ledger.Remaining(4));
    }

    [Fact]
    public async Task Retry_waits_with_doubling_delays_and_keeps_the_shard()
    {
        var attempts = 0;
        var (factory, driver, run) = Start(shard => shard.Inside = (step, _, c) =>
        {
            if (step != "take-over" || Interlocked.Increment(ref attempts) > 3) return Quick(step, c);
            throw new BrokerUnavailableException("down");
        });
        foreach (var (seconds, expected) in new[] { (0.5, 2), (1.0, 3), (2.0, 4) })
        {
            await _time.WaitBegunAsync(TimeSpan.FromSeconds(seconds));
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            await Eventually.SettleAsync();
            Assert.Equal(expected - 1, attempts);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Eventually.HoldsAsync(() => attempts == expected, $"attempt {expected}");
        }

        await Eventually.HoldsAsync(() => _entry.Phase == ShardPhases.Running, "runs");
        Assert.Single(factory.All);
        await EndAsync(driver, run, factory);
    }

    [Fact]
    public async Task Fatal_error_shows_failed_and_looks_again_slowly_with_a_new_shard()
    {
        var broken = true;
        var (factory, driver, run) = Start(shard => shard.Inside = (step, _, c) =>
            broken && step == "take-over" ? Task.FromException(new LogTruncatedException("offsets 5 to 9 are gone")) : Quick(step, c));
        await Eventually.HoldsAsync(() => _entry.Phase == ShardPhases.Failed && factory.All.Single().IsDisposed, "failed");
        Assert.Equal("offsets 5 to 9 are gone", _entry.Read().Error);
        await _time.WaitBegunAsync(_options.FatalRetry);
        _time.Advance(_options.FatalRetry - TimeSpan.FromSeconds(1));
        await Eventually.SettleAsync();
        Assert.Single(factory.All);
        broken = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => factory.All.Count == 2, "a new shard");
        await Eventually.HoldsAsync(() => _entry.Phase == ShardPhases.Running, "runs");
        await EndAsync(driver, run, factory);
    }

    [Fact]
    public async Task Unexpected_error_gives_the_shard_up_for_a_new_one()
    {
        var broken = true;
        var (factory, driver, run) = Start(shard => shard.Inside = (step, n, c) =>
        {
            if (!broken || step != "work") return Quick(step, c);
            broken = false;
            throw new InvalidOperationException("a mistake");
        });
        await AdvanceUntilAsync(() => factory.All.Count == 2, _options.RetryBackOff);
        Assert.True(factory.All.First().IsDisposed);
        await Eventually.HoldsAsync(() => _entry.Phase == ShardPhases.Running, "runs");
        await EndAsync(driver, run, factory);
    }

    [Fact]
    public async Task Drain_commits_the_batches_in_flight_then_flushes_then_disposes()
    {
        var hold = new TaskCompletionSource();
        var (factory, driver, run) = Start(shard => shard.Inside = (step, n, c) => step == "commit" && n == 2 ? hold.Task : Quick(step, c));
        await Eventually.HoldsAsync(() => !factory.All.IsEmpty && factory.All.Single().Log.Contains("commit 2") && factory.All.Single().Log.Contains("work 3 done"), "in flight");
        driver.Drain();
        await Eventually.SettleAsync();
        Assert.False(run.IsCompleted);
        hold.SetResult();
        await run;
        var log = factory.All.Single().Log.ToList();
        Assert.Contains("commit 3 done", log);
        Assert.Equal(["hand-off", "hand-off done", "disposed"], log[^3..]);
        Assert.Equal(ShardPhases.Stopped, _entry.Phase);
        Assert.Empty(factory.All.Single().Violations);
    }

    [Fact]
    public async Task Drain_past_its_deadline_abandons_the_flush()
    {
        var (factory, driver, run) = Start(shard => shard.Inside = (step, n, c) => step == "hand-off" ? Task.Delay(Timeout.Infinite, c) : Quick(step, c));
        await Eventually.HoldsAsync(() => _entry.Phase == ShardPhases.Running, "runs");
        driver.Drain();
        await Eventually.HoldsAsync(() => factory.All.Single().Log.Contains("hand-off"), "flushes");
        _time.Advance(TimeSpan.FromSeconds(25));
        await run;
        Assert.True(factory.All.Single().IsDisposed);
    }

    [Fact]
    public async Task Drain_while_backing_off_ends_at_once()
    {
        var (factory, driver, run) = Start(shard => shard.Inside = (step, _, _) =>
            step == "take-over" ? Task.FromException(new BrokerUnavailableException("down")) : Task.CompletedTask);
        await Eventually.HoldsAsync(() => _entry.Phase == ShardPhases.BackingOff, "backs off");
        driver.Drain();
        await run.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True(factory.All.Single().IsDisposed);
    }

    [Fact]
    public async Task Lost_users_are_logged_once_for_each_that_joins_them()
    {
        using var loggers = new TestLoggers(TestContext.Current.TestOutputHelper!);
        var factory = new FakeShardFactory(shard => shard.LostUsers = 2);
        using var driver = new ShardDriver(fixture.Node(factory, _time, _options) with { Logger = loggers.CreateLogger("shards") }, _entry);
        var run = driver.RunAsync(Task.CompletedTask);
        await Eventually.HoldsAsync(() => factory.All.Any(s => s.Committed > 5), "commits");
        Assert.Single(loggers.Lines, line => line.Contains("2 users wait for a person", StringComparison.Ordinal));
        var shard = factory.All.Single();
        var committed = shard.Committed;
        shard.LostUsers = 3;
        await Eventually.HoldsAsync(() => shard.Committed > committed + 5, "commits on");
        Assert.Single(loggers.Lines, line => line.Contains("3 users wait for a person", StringComparison.Ordinal));
        Assert.Equal(2, loggers.Lines.Count(line => line.Contains("wait for a person", StringComparison.Ordinal)));
        await EndAsync(driver, run, factory);
    }

    [Fact]
    public async Task New_driver_waits_until_the_former_one_of_the_partition_ended()
    {
        var factory = new FakeShardFactory();
        var former = new TaskCompletionSource();
        using var driver = new ShardDriver(fixture.Node(factory, _time), _entry);
        var run = driver.RunAsync(former.Task);
        await Eventually.SettleAsync();
        Assert.Empty(factory.All);
        former.SetResult();
        await Eventually.HoldsAsync(() => _entry.Phase == ShardPhases.Running, "runs");
        await EndAsync(driver, run, factory);
    }

    private static Task Quick(string step, CancellationToken cancellation) => step == "ingest" ? Task.Delay(1, cancellation) : Task.CompletedTask;

    private (FakeShardFactory Factory, ShardDriver Driver, Task Run) Start(Action<FakeUserShard> configure)
    {
        var factory = new FakeShardFactory(configure);
        var driver = new ShardDriver(fixture.Node(factory, _time, _options), _entry);
        return (factory, driver, driver.RunAsync(Task.CompletedTask));
    }

    /// <summary>Moves the clock past a wait, once it was begun.</summary>
    private async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan wait)
    {
        await _time.WaitBegunAsync(wait);
        _time.Advance(wait);
        await Eventually.HoldsAsync(condition, $"after {wait}");
    }

    private static async Task EndAsync(ShardDriver driver, Task run, FakeShardFactory factory)
    {
        driver.Drain();
        await run.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.All(factory.All, shard =>
        {
            Assert.True(shard.IsDisposed);
            Assert.Empty(shard.Violations);
        });
    }
}
