using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;
using Streaming.Host.Audit;
using Xunit;

namespace Streaming.Host.Tests.Audit;

/// <summary>A clean run with one alert, its facts changed as another engine would have written them, and what the audit says.</summary>
public sealed class AlertVerdictTests
{
    private const long T0 = 1_700_000_000_000, DayMs = 86_400_000;

    private static string Event(string type, string user, long atMs) => FormattableString.Invariant($$"""{"type":"{{type}}","userId":"{{user}}","itemId":"i1","occurredAt":{{atMs}}}""");

    // v buys at offset 0 and is alerted before offset 3, w buys and is erased, x only looks; historical with time 0, so that no alert is too old to go out.
    private static async Task<EngineHarness> AlertedAsync()
    {
        var engine = new EngineHarness(partitions: 1);
        engine.Topics.Append(engine.Names.Control, 0, "0", JsonSerializer.Serialize(new ControlRequest { RequestId = "history", Type = "historical", TimeMs = 0 }, ContractsJson.Default.ControlRequest));
        engine.Send("v", Event("purchase", "v", T0));
        engine.Send("w", Event("purchase", "w", T0 + 1000));
        engine.Send("w", FormattableString.Invariant($$"""{"type":"erase","userId":"w","occurredAt":{{T0 + 2000}}}"""));
        engine.Send("x", Event("view", "x", T0 + (400 * DayMs)));
        engine.Send("x", Event("view", "x", T0 + (401 * DayMs)));
        await engine.DrainAsync();
        await engine.HandOffAsync();
        var clean = await engine.AuditAsync();
        Assert.True(clean.Consistent, string.Join('\n', clean.Problems));
        Assert.Equal(3, Assert.Single(Facts(engine), fact => fact.Type == "alert").Before);
        return engine;
    }

    private static IEnumerable<ControlFact> Facts(EngineHarness engine) =>
        engine.Topics.Log(engine.Names.Control).SelectMany(record => ControlRecords.TryBatch(record.Value, out var batch) ? batch.Facts ?? [] : []);

    /// <summary>Puts other facts in place of the batch's that alerts.</summary>
    private static void Change(EngineHarness engine, Func<ControlFact, ControlFact[]> alert) => engine.Topics.Rewrite(engine.Names.Control, 0, value =>
    {
        if (!ControlRecords.TryBatch(value, out var batch) || batch.Facts?.Any(fact => fact.Type == "alert") != true) return value;
        ControlFact[] facts = [.. batch.Facts.SelectMany(fact => fact.Type == "alert" ? alert(fact) : [fact]).OrderBy(fact => fact.Before)];
        return JsonSerializer.SerializeToUtf8Bytes(batch with { Facts = facts }, ContractsJson.Default.ControlBatch);
    });

    private static string All(AuditResult result) => string.Join('\n', result.Problems);

    [Fact]
    public async Task Alert_in_an_episode_made_up_is_phantom_though_fact_and_record_agree()
    {
        var engine = await AlertedAsync();
        Change(engine, fact => [fact with { Episode = 7 }]);
        engine.Topics.Rewrite(engine.Names.ChurnAlerts, 0, value => JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(value, ContractsJson.Default.ChurnAlert)! with { Episode = 7 }, ContractsJson.Default.ChurnAlert));
        Assert.Contains("in episode 7, whose episode is 0", All(await engine.AuditAsync(knowsSettings: false)));
    }

    [Fact]
    public async Task Alert_a_day_later_under_a_number_made_up_is_phantom()
    {
        var engine = await AlertedAsync();
        Change(engine, fact => [fact, fact with { Episode = 1, Before = 4 }]);
        Assert.Contains("in episode 1, whose episode is 0", All(await engine.AuditAsync(knowsSettings: false)));
    }

    [Fact]
    public async Task Second_alert_fact_in_an_episode_is_duplicated()
    {
        var engine = await AlertedAsync();
        Change(engine, fact => [fact, fact with { Before = 4 }]);
        var result = await engine.AuditAsync(knowsSettings: false);
        Assert.Equal(1, result.Duplicated);
        Assert.Contains("of u:v in episode 0, a second alert in it", All(result));
    }

    [Fact]
    public async Task Alert_of_an_erased_user_is_phantom_and_nothing_that_should_go_out()
    {
        var engine = await AlertedAsync();
        Change(engine, fact => [fact, fact with { User = "u:w", Episode = -1 }]);
        var result = await engine.AuditAsync(knowsSettings: false);
        Assert.Contains("of u:w in episode -1, who is erased", All(result));
        Assert.Equal((1L, 0L), (result.Phantom, result.Lost));
    }

    [Fact]
    public async Task Alert_of_who_never_bought_is_phantom()
    {
        var engine = await AlertedAsync();
        Change(engine, fact => [fact, fact with { User = "u:x", Episode = -1, Before = 4 }]);
        Assert.Contains("of u:x in episode -1, who never bought", All(await engine.AuditAsync(knowsSettings: false)));
    }

    [Fact]
    public async Task Alert_that_was_due_and_that_no_batch_records_is_lost()
    {
        var engine = await AlertedAsync();
        Change(engine, _ => []);
        engine.Topics.Remove(engine.Names.ChurnAlerts, 0, _ => true);
        await ForgetAlertAsync(engine, "u:v");
        var result = await engine.AuditAsync();
        Assert.Equal((1L, 0L, 0L, 0L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
        Assert.Contains("the alert of u:v (partition 0) in episode 0", result.Problems.Single());
        Assert.True((await engine.AuditAsync(knowsSettings: false)).Consistent); // the log alone does not say who is due
    }

    [Fact]
    public async Task Alert_a_day_late_is_lost_where_it_was_due()
    {
        var engine = await AlertedAsync();
        Change(engine, fact => [fact with { Before = 4 }]);
        var result = await engine.AuditAsync();
        Assert.Equal(1, result.Lost);
        Assert.Contains("before the event at offset 3", result.Problems.Single());
    }

    [Fact]
    public async Task Alert_before_it_was_due_is_phantom()
    {
        var engine = await AlertedAsync();
        Change(engine, fact => [fact with { Before = 2 }]);
        var result = await engine.AuditAsync();
        Assert.Contains("it was not due", All(result));
        Assert.Equal(1, result.Phantom);
    }

    private static async Task ForgetAlertAsync(EngineHarness engine, string key)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var codec = new UserRowCodec(new ItemDictionary());
        await using var shard = await engine.Store.OpenShardAsync(0, cancellation);
        var row = (await shard.ReadUsersAsync([Encoding.UTF8.GetBytes(key)], cancellation))[0];
        var mark = await shard.ReadShardAsync(cancellation);
        var user = codec.Decode(row.Blob, new UserKey(Encoding.UTF8.GetBytes(key)));
        user.AlertedEpisode = -1;
        var writer = new RowWriter();
        codec.Encode(user, writer);
        await shard.WriteAsync(new FlushBatch
        {
            WriteTime = Math.Max(row.WriteTime, mark.WriteTime) + 1,
            Bytes = writer.Written.ToArray(),
            Rows = [new FlushRow(user.Key.Bytes, 0, writer.Length)],
            DueUpserts = [],
            DueDeletes = [],
            ShardRow = mark.Blob,
        }, cancellation);
    }
}
