using Akka.Actor;
using Akka.Streams;
using CsCheck;
using Streaming.Core.Errors;
using Streaming.Pipeline.Shards;
using Streaming.Pipeline.Tests.Fakes;

namespace Streaming.Pipeline.Tests.Shards;

public sealed class BatchStreamTests(StreamFixture fixture, ITestOutputHelper output) : IClassFixture<StreamFixture>, IDisposable
{
    private readonly CancellationTokenSource _drain = new(), _abandon = new();

    [Fact]
    public async Task Stream_with_commit_held_overlaps_three_batches_and_no_more()
    {
        var hold = new TaskCompletionSource();
        var (shard, run) = await StartAsync((step, n, c) => step == "commit" && n == 0 ? hold.Task : Task.CompletedTask);
        await Eventually.HoldsAsync(() => shard.Log.Contains("ingest 2 done") && shard.Log.Contains("work 1 done"), "batches 1 and 2 move while 0 commits");
        await Eventually.SettleAsync();
        Assert.DoesNotContain("work 2", shard.Log);
        Assert.DoesNotContain("ingest 3", shard.Log);
        hold.SetResult();
        await Eventually.HoldsAsync(() => shard.Log.Contains("commit 5 done"), "goes on");
        await _drain.CancelAsync();
        Assert.Empty((await run).Errors);
        Assert.Empty(shard.Violations);
    }

    [Fact]
    public async Task Stream_drained_commits_batches_in_flight_then_ends()
    {
        var hold = new TaskCompletionSource();
        var (shard, run) = await StartAsync((step, n, c) => step == "commit" && n == 3 ? hold.Task : Task.CompletedTask);
        await Eventually.HoldsAsync(() => shard.Log.Contains("ingest 5 done") && shard.Log.Contains("work 4 done"), "three in flight");
        await _drain.CancelAsync();
        await Eventually.SettleAsync();
        Assert.False(run.IsCompleted);
        hold.SetResult();
        var end = await run;
        Assert.Empty(end.Errors);
        Assert.Contains("commit 5 done", shard.Log);
        Assert.Equal(6, end.Committed);
        Assert.DoesNotContain("ingest 6 done", shard.Log);
    }

    [Fact]
    public async Task Stream_drained_during_an_idle_poll_ends_without_error()
    {
        var (shard, run) = await StartAsync((step, n, c) => step == "ingest" && n == 1 ? Task.Delay(Timeout.Infinite, c) : Task.CompletedTask);
        await Eventually.HoldsAsync(() => shard.Log.Contains("commit 0 done"), "first batch");
        await _drain.CancelAsync();
        Assert.Empty((await run).Errors);
    }

    [Fact]
    public async Task Stream_after_an_error_waits_for_running_steps_and_starts_none()
    {
        var hold = new TaskCompletionSource();
        var (shard, run) = await StartAsync((step, n, c) => (step, n) switch
        {
            ("commit", 0) => hold.Task,
            ("work", 1) => Task.FromException(new TransactionAbortedException("aborted")),
            _ => Task.CompletedTask,
        });
        await Eventually.HoldsAsync(() => shard.Log.Contains("work 1") && shard.Log.Contains("commit 0"), "both run");
        await Eventually.SettleAsync();
        Assert.False(run.IsCompleted, "the commit still runs");
        hold.SetResult();
        var end = await run;
        Assert.IsType<TransactionAbortedException>(Assert.Single(end.Errors));
        Assert.Contains("commit 0 done", shard.Log);
        Assert.DoesNotContain("commit 1", shard.Log);
        Assert.DoesNotContain("work 2", shard.Log);
    }

    [Fact]
    public async Task Stream_with_two_errors_reports_both_and_the_fence_first()
    {
        var both = new TaskCompletionSource();
        var (_, run) = await StartAsync(async (step, n, c) =>
        {
            if (step == "work" && n == 1)
            {
                both.SetResult();
                throw new BrokerUnavailableException("gone");
            }

            if (step != "commit") return;
            await both.Task;
            throw new FencedException("another owner");
        });
        var end = await run;
        Assert.Equal(2, end.Errors.Count);
        Assert.IsType<FencedException>(end.Worst);
    }

    [Fact]
    public async Task Stream_abandoned_ends_steps_that_hang()
    {
        var (shard, run) = await StartAsync((step, n, c) => step == "commit" ? Task.Delay(Timeout.Infinite, c) : Task.CompletedTask);
        await Eventually.HoldsAsync(() => shard.Log.Contains("commit 0"), "commit hangs");
        await _drain.CancelAsync();
        await Eventually.SettleAsync();
        Assert.False(run.IsCompleted);
        await _abandon.CancelAsync();
        Assert.NotEmpty((await run).Errors);
    }

    [Fact]
    public async Task Stream_whose_actor_system_was_torn_down_ends_when_abandoned()
    {
        var system = ActorSystem.Create("torn-down", "akka.loglevel = OFF\nakka.stdout-loglevel = OFF");
        var shard = new FakeUserShard(0);
        await shard.TakeOverAsync(TestContext.Current.CancellationToken);
        using var stream = new BatchStream(shard, _drain.Token, _abandon.Token);
        var run = stream.RunAsync(ActorMaterializer.Create(system));
        await Eventually.HoldsAsync(() => shard.Committed > 3, "runs");
        await system.Terminate();
        await _abandon.CancelAsync();
        Assert.NotEmpty((await run.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).Errors);
        await shard.DisposeAsync();
        Assert.Empty(shard.Violations);
    }

    [Fact]
    public async Task Stream_with_steps_of_any_length_keeps_the_contract()
    {
        var delays = Gen.Int[0, 3].Array[3, 60];
        await delays.SampleAsync(async ms =>
        {
            using var drain = new CancellationTokenSource();
            var shard = new FakeUserShard(0)
            {
                Inside = async (step, n, c) =>
                {
                    var wait = ms[(int)((Math.Abs(n) * 3) + step.Length) % ms.Length];
                    if (wait > 0) await Task.Delay(wait, CancellationToken.None);
                },
            };
            await shard.TakeOverAsync(default);
            using var stream = new BatchStream(shard, drain.Token, default);
            var run = stream.RunAsync(fixture.Materializer);
            await Eventually.HoldsAsync(() => shard.Committed >= 20, "20 batches");
            await drain.CancelAsync();
            var end = await run;
            Assert.Empty(end.Errors);
            await shard.HandOffAsync(default);
            Assert.Empty(shard.Violations);
        }, iter: 30, print: ms => string.Join(',', ms), writeLine: output.WriteLine);
    }

    public void Dispose()
    {
        _drain.Dispose();
        _abandon.Dispose();
    }

    private async Task<(FakeUserShard Shard, Task<StreamEnd> Run)> StartAsync(Func<string, long, CancellationToken, Task> inside)
    {
        var shard = new FakeUserShard(0) { Inside = inside };
        await shard.TakeOverAsync(default);
        return (shard, new BatchStream(shard, _drain.Token, _abandon.Token).RunAsync(fixture.Materializer));
    }
}
