using System.Text;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

/// <summary>How long batches wait for a store of which one part is slow (docs/decisions/0021), in budgets of the shard's own clock.</summary>
[Collection("slow store")]
public sealed class SlowStoreTests : IAsyncDisposable
{
    private const long Start = 1_700_000_000_000;
    private static readonly Task Never = new TaskCompletionSource().Task;
    private readonly FlakyStore _store = new();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_slow_and_all_else_quick_one_batch_waits_and_none_after_it()
    {
        var h = await PreparedAsync();
        await using var shard = await OpenAsync(h);
        _store.Rows = Never;
        List<int> waits = [];
        for (var b = 0; b < 6; b++)
        {
            View(h, $"x{b}", "u" + b, Start + 90_000 + b);
            waits.Add(await BudgetsAsync(h, shard));
        }

        Assert.Equal([1, 0, 0, 0, 0, 0], waits);
        Assert.Equal(6, shard.Status.ParkedUsers);
    }

    [Fact]
    public async Task Queries_of_absent_users_together_wait_for_one_budget()
    {
        var h = await PreparedAsync();
        await using var shard = await OpenAsync(h);
        _store.Rows = Never;
        var answers = Enumerable.Range(0, 20).Select(q => shard.QueryAsync(UserKey.User("u" + q), Stop)).ToList();

        Assert.Equal(1, await BudgetsAsync(h, shard));
        Assert.All(await Task.WhenAll(answers), view => Assert.True(view!.Degraded));
    }

    [Fact]
    public async Task Rows_and_dues_and_tables_slow_one_budget_is_all_that_a_batch_waits()
    {
        var h = await PreparedAsync();
        await using var shard = await OpenAsync(h);
        _store.Rows = _store.Dues = _store.Tables = Never;
        View(h, "x", "u3", Start + (9L * 86_400_000), item: "new");
        Assert.Equal(1, await BudgetsAsync(h, shard));
    }

    [Fact]
    public async Task Users_come_back_without_a_look_at_stored_tables()
    {
        var h = await PreparedAsync();
        await using var shard = await OpenAsync(h);
        var rows = new TaskCompletionSource();
        _store.Rows = rows.Task;
        View(h, "x", "u7", Start + 90_000);
        Assert.Equal(1, await BudgetsAsync(h, shard));
        h.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, await BudgetsAsync(h, shard));
        Assert.Equal(1, shard.Status.ParkedUsers);

        _store.Tables = Never;
        rows.SetResult();
        for (var round = 0; round < 200 && shard.Status.ParkedUsers > 0; round++)
        {
            await Task.Delay(20, Stop); // what waits for the rows goes on on another thread
            h.Time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(0, await BudgetsAsync(h, shard));
        }

        Assert.Equal(0, shard.Status.ParkedUsers);
    }

    [Fact]
    public async Task Rows_asked_for_before_a_take_over_are_not_taken_in_after_it()
    {
        var h = await PreparedAsync();
        await using var shard = await OpenAsync(h);
        var rows = new TaskCompletionSource();
        _store.Rows = rows.Task;
        View(h, "x", "u7", Start + 90_000);
        await BudgetsAsync(h, shard);
        h.Time.Advance(TimeSpan.FromSeconds(2));
        await BudgetsAsync(h, shard); // u7 is held back, and its row is on its way

        _store.Rows = Task.CompletedTask;
        await shard.TakeOverAsync(Stop);
        Assert.Equal(0, shard.Status.ParkedUsers);
        await BudgetsAsync(h, shard);
        View(h, "y", "u7", Start + 91_000);
        await BudgetsAsync(h, shard);
        _store.Rows = Never;
        View(h, "z", "u9", Start + 92_000);
        await BudgetsAsync(h, shard); // somebody else is held back: what comes in is looked at again
        rows.SetResult();
        await Task.Delay(100, Stop);
        var resident = shard.Status.ResidentUsers;
        for (var round = 0; round < 5; round++)
        {
            h.Time.Advance(TimeSpan.FromSeconds(2));
            await BudgetsAsync(h, shard);
        }

        Assert.Equal(resident, shard.Status.ResidentUsers);
        Assert.Equal(1, shard.Status.ParkedUsers);
    }

    [Fact]
    public async Task Idle_shard_that_waits_for_due_entries_commits_nothing()
    {
        var h = await PreparedAsync();
        await using var shard = await OpenAsync(h);
        _store.Dues = Never;
        View(h, "x", "u1", Start + (9L * 86_400_000));
        await BudgetsAsync(h, shard);
        Assert.True(shard.Status.DefersDues);
        var end = h.Kafka.End("control", 0);
        for (var round = 0; round < 20; round++) Assert.Equal(0, await BudgetsAsync(h, shard));
        Assert.Equal(end, h.Kafka.End("control", 0));
    }

    [Fact]
    public async Task Base_table_that_is_slow_or_away_is_put_in_force_once_it_is_there()
    {
        var h = await PreparedAsync();
        h.BaseTable = VectorTableBlob.Write(8, [new VectorTableEntry("i1"u8.ToArray(), [1, 1, 1, 1, 1, 1, 1, 1])]);
        await using var shard = await OpenAsync(h, catchUp: false);
        var tables = new TaskCompletionSource();
        _store.Tables = tables.Task;
        View(h, "x0", "u1", Start + 90_000);
        Assert.Equal(1, await BudgetsAsync(h, shard));
        Assert.Equal(0, Bases(h));
        _store.IsAway = true;
        View(h, "x1", "u1", Start + 90_001);
        Assert.Equal(0, await BudgetsAsync(h, shard));

        _store.IsAway = false;
        tables.SetResult();
        for (var round = 0; round < 200 && Bases(h) == 0; round++)
        {
            await Task.Delay(20, Stop);
            View(h, $"y{round}", "u1", Start + 91_000 + round);
            await BudgetsAsync(h, shard);
        }

        Assert.Equal(1, Bases(h));
    }

    [Fact]
    public async Task Query_whose_batch_is_cut_short_is_refused_by_the_take_over()
    {
        var h = await PreparedAsync();
        await using var shard = await OpenAsync(h);
        var answer = shard.QueryAsync(UserKey.User("u1"), Stop);
        await shard.WorkAsync(await shard.IngestAsync(Stop), Stop);
        Assert.False(answer.IsCompleted);
        await shard.TakeOverAsync(Stop);
        await Assert.ThrowsAsync<Errors.BrokerUnavailableException>(() => answer);
    }

    private static int Bases(ShardHarness h) => h.Kafka.Batches().SelectMany(b => b.Facts ?? []).Count(f => f is { Type: "table", Value: "base" });

    private static void View(ShardHarness h, string id, string user, long atMs, string item = "i1") => h.Kafka.Append("events", user, ShopTraffic.Event(id, "view", user, item, atMs));

    private static async Task<UserShard> OpenAsync(ShardHarness h, bool catchUp = true)
    {
        var shard = await h.OpenAsync();
        await shard.TakeOverAsync(Stop);
        if (catchUp) await h.RunToEndAsync(shard, takeOver: false);
        return shard;
    }

    // Budgets that must pass until a batch is worked: the shard's clock moves for nothing else.
    private static async Task<int> BudgetsAsync(ShardHarness h, UserShard shard)
    {
        var batch = await shard.IngestAsync(Stop);
        var work = shard.WorkAsync(batch, Stop).AsTask();
        var budgets = 0;
        for (; !work.IsCompleted && budgets < 50; budgets++) h.Time.Advance(h.Options.LoadBudget);
        await work.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        await shard.CommitAsync(batch, Stop);
        return budgets;
    }

    private async Task<ShardHarness> PreparedAsync()
    {
        var h = new ShardHarness(store: _store);
        h.Options = h.Options with { MaxBatchRecords = 8 };
        for (var i = 0; i < 80; i++) View(h, $"b{i}", "u" + (i % 40), Start + (i * 1000), "i" + (i % 5));
        await using var first = await h.OpenAsync();
        await h.RunToEndAsync(first);
        await first.HandOffAsync(Stop);
        return h;
    }
}
