using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;
using Streaming.Host.Audit;
using Xunit;

namespace Streaming.Host.Tests.Audit;

/// <summary>A clean run of the engine, one thing broken by hand, and what the audit says.</summary>
public sealed class AuditVerdictTests
{
    private const long T0 = 1_700_000_000_000;

    private static string View(string user, int id, long atMs) =>
        FormattableString.Invariant($$"""{"eventId":"{{id}}","type":"view","userId":"{{user}}","itemId":"i{{id % 3}}","occurredAt":{{atMs}}}""");

    private static string Purchase(string user, int id, long atMs) =>
        FormattableString.Invariant($$"""{"eventId":"{{id}}","type":"purchase","userId":"{{user}}","itemId":"i{{id % 3}}","occurredAt":{{atMs}},"unitPrice":2.5,"currency":"GBP"}""");

    private static async Task<EngineHarness> CleanAsync()
    {
        var engine = new EngineHarness(partitions: 1);
        engine.Topics.Append(engine.Names.Control, 0, "0", JsonSerializer.Serialize(new ControlRequest { RequestId = "history", Type = "historical", TimeMs = 0 }, ContractsJson.Default.ControlRequest));
        for (var i = 0; i < 10; i++) engine.Send("u", View("u", i, T0 + (i * 60_000)));
        engine.Send("v", Purchase("v", 10, T0 + 700_000));
        engine.Send("bad", "{");
        engine.Send("w", View("w", 11, T0 + 800_000));
        engine.Send("w", FormattableString.Invariant($$"""{"eventId":"12","type":"erase","userId":"w","occurredAt":{{T0 + 900_000}}}"""));
        engine.Send("u", View("u", 13, T0 + (400L * 86_400_000)));
        engine.Send("x", View("x", 14, T0 + (400L * 86_400_000) + 1));
        await engine.DrainAsync();
        await engine.HandOffAsync();
        return engine;
    }

    private static async Task RewriteAsync(EngineHarness engine, string key, Action<UserState> change)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var codec = new UserRowCodec(new ItemDictionary());
        await using var shard = await engine.Store.OpenShardAsync(0, cancellation);
        var row = (await shard.ReadUsersAsync([System.Text.Encoding.UTF8.GetBytes(key)], cancellation))[0];
        var mark = await shard.ReadShardAsync(cancellation);
        var user = codec.Decode(row.Blob, new UserKey(System.Text.Encoding.UTF8.GetBytes(key)));
        change(user);
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

    [Fact]
    public async Task Audit_of_a_clean_run_is_consistent_and_counts_everything()
    {
        var result = await (await CleanAsync()).AuditAsync();
        Assert.True(result.Consistent, string.Join('\n', result.Problems));
        Assert.Equal((16L, 4L, 1L), (result.Events, result.Users, result.DeadLetters));
    }

    [Fact]
    public async Task Audit_expects_no_recommendation_where_a_guest_s_delta_begins_an_erased_profile_anew()
    {
        var engine = await CleanAsync();
        engine.Send("y", View("y", 20, T0));
        engine.Send("y", """{"eventId":"21","type":"erase","userId":"y","occurredAt":1700000900000}""");
        await engine.DrainAsync();
        engine.Send("g", """{"eventId":"22","type":"view","anonymousId":"g","itemId":"i1","occurredAt":1700000950000}""");
        engine.Send("g", """{"eventId":"23","type":"identify","anonymousId":"g","userId":"y","occurredAt":1700000960000}""");
        await engine.DrainAsync(4);
        await engine.HandOffAsync();
        var result = await engine.AuditAsync();
        Assert.True(result.Consistent, string.Join('\n', result.Problems));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Audit_counts_the_engine_s_own_erase_records_and_names_one_that_is_there_twice(bool isTwice)
    {
        var engine = await CleanAsync();
        engine.Send("g", """{"eventId":"22","type":"view","anonymousId":"g","itemId":"i1","occurredAt":1700000950000}""");
        engine.Send("g", """{"eventId":"23","type":"identify","anonymousId":"g","userId":"y","occurredAt":1700000960000}""");
        await engine.DrainAsync(4);
        engine.Send("y", """{"eventId":"24","type":"erase","userId":"y","occurredAt":1700000970000}""");
        await engine.DrainAsync(4);
        var own = engine.Topics.Log(engine.Names.Events, 0).Single(r => System.Text.Encoding.UTF8.GetString(r.Value!).Contains("\"eventId\":\"erase-", StringComparison.Ordinal));
        if (isTwice) engine.Send("g", System.Text.Encoding.UTF8.GetString(own.Value!));
        await engine.DrainAsync(4);
        await engine.HandOffAsync();
        var result = await engine.AuditAsync();
        Assert.Equal((isTwice ? 21L : 20L, isTwice ? 2L : 1L, isTwice ? 1L : 0L), (result.Events, result.OwnErases, result.Duplicated));
        Assert.Equal(!isTwice, result.Consistent);
    }

    [Fact]
    public async Task Audit_names_a_record_that_no_batch_consumed_as_lost()
    {
        var engine = await CleanAsync();
        engine.Send("u", View("u", 99, T0));
        var result = await engine.AuditAsync();
        Assert.Equal((1L, 0L, 0L, 0L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
        Assert.Contains("not consumed", result.Problems.Single());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Audit_bears_a_batch_record_that_was_written_once_more_only_where_it_says_the_same(bool isAnother)
    {
        var engine = await CleanAsync();
        var last = engine.Topics.Log(engine.Names.Control, 0).Select(r => ControlRecords.TryBatch(r.Value, out var batch) ? batch : null).Last(b => b is not null)!;
        if (isAnother) last = last with { Facts = [.. last.Facts ?? [], new ControlFact { Type = "tick", Before = last.EventsTo, TimeMs = T0 }] };
        engine.Topics.Append(engine.Names.Control, 0, "0", JsonSerializer.Serialize(last, ContractsJson.Default.ControlBatch));
        var result = await engine.AuditAsync();
        Assert.Equal(isAnother ? 1 : 0, result.Duplicated);
        Assert.Equal(isAnother ? 1 : 0, result.Problems.Count);
    }

    [Fact]
    public async Task Audit_names_events_missing_from_a_profile_as_lost()
    {
        var engine = await CleanAsync();
        await RewriteAsync(engine, "u:u", user =>
        {
            user.EventCount--;
            user.Counts[(int)EventType.View]--;
        });
        var result = await engine.AuditAsync();
        Assert.Equal((1L, 0L, 0L, 1L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
        Assert.Contains(result.Problems, p => p.Contains("count of view: stored 10 instead of 11"));
    }

    [Fact]
    public async Task Audit_names_events_twice_in_a_profile_as_duplicated()
    {
        var engine = await CleanAsync();
        await RewriteAsync(engine, "u:u", user =>
        {
            user.EventCount++;
            user.Counts[(int)EventType.View]++;
        });
        var result = await engine.AuditAsync();
        Assert.Equal((0L, 1L, 0L, 1L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
    }

    [Fact]
    public async Task Audit_names_an_output_id_that_is_there_twice_as_duplicated()
    {
        var engine = await CleanAsync();
        var topic = engine.Names.Recommendations;
        var first = engine.Topics.Log(topic)[0];
        engine.Topics.Append(topic, 0, first.Key, first.Value);
        var result = await engine.AuditAsync();
        Assert.Equal((0L, 1L, 0L, 0L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
    }

    [Theory]
    [InlineData(9_999, "u", "no record")]
    [InlineData(11, "bad", "not applied")]
    [InlineData(0, "v", "is of u:u")]
    public async Task Audit_names_an_output_without_its_cause_as_phantom(long offset, string user, string why)
    {
        var engine = await CleanAsync();
        var phantom = new Recommendation { RecommendationId = "made-up", UserId = user, Surface = "home", Items = [], SourcePartition = 0, SourceOffset = offset, OccurredAt = 0, EmittedAt = 0 };
        engine.Topics.Append(engine.Names.Recommendations, 0, user, JsonSerializer.Serialize(phantom, ContractsJson.Default.Recommendation));
        var result = await engine.AuditAsync();
        Assert.Equal((0L, 0L, 1L, 0L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
        Assert.Contains(why, result.Problems.Single());
    }

    [Fact]
    public async Task Audit_names_a_missing_recommendation_as_lost()
    {
        var engine = await CleanAsync();
        engine.Topics.Remove(engine.Names.Recommendations, 0, value => value.Contains("\"userId\":\"v\""));
        var result = await engine.AuditAsync();
        Assert.Equal((1L, 0L, 0L, 0L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
        Assert.Contains("u:v", result.Problems.Single());
    }

    [Fact]
    public async Task Audit_names_a_missing_recommendation_as_lost_though_the_user_has_a_later_one()
    {
        var engine = await CleanAsync();
        engine.Send("u", View("u", 15, T0 + (400L * 86_400_000) + 2));
        await engine.DrainAsync();
        await engine.HandOffAsync();
        var topic = engine.Names.Recommendations;
        var earlier = engine.Topics.Log(topic).Select(r => Encoding.UTF8.GetString(r.Value!)).Where(value => value.Contains("\"userId\":\"u\"")).ToArray();
        Assert.True(earlier.Length > 1, "the user has one list only");
        engine.Topics.Remove(topic, 0, value => value == earlier[0]);
        var result = await engine.AuditAsync();
        Assert.Equal((1L, 0L, 0L, 0L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
        Assert.Contains("u:u", result.Problems.Single());
    }

    [Fact]
    public async Task Audit_names_a_recommendation_behind_those_of_a_later_batch_as_phantom()
    {
        var engine = await CleanAsync();
        var topic = engine.Names.Recommendations;
        var first = engine.Topics.Log(topic)[0];
        engine.Topics.Remove(topic, 0, value => value == Encoding.UTF8.GetString(first.Value!));
        engine.Topics.Append(topic, 0, first.Key, first.Value);
        var result = await engine.AuditAsync();
        Assert.Equal((0L, 0L, 1L, 0L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
        Assert.Contains("behind those of a later batch", result.Problems.Single());
    }

    [Fact]
    public async Task Audit_names_a_missing_alert_as_lost()
    {
        var engine = await CleanAsync();
        engine.Topics.Remove(engine.Names.ChurnAlerts, 0, _ => true);
        var result = await engine.AuditAsync();
        Assert.Equal((1L, 0L, 0L, 0L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
        Assert.Contains("the alert of u:", result.Problems.Single());
    }

    [Fact]
    public async Task Audit_names_a_vector_beyond_the_tolerance_as_a_mismatch_and_forgives_less()
    {
        var engine = await CleanAsync();
        await RewriteAsync(engine, "u:u", user => user.Vectors![0] += user.Vectors.Take(8).Max(Math.Abs) * 5e-7f);
        Assert.True((await engine.AuditAsync()).Consistent);
        await RewriteAsync(engine, "u:u", user => user.Vectors![0] += user.Vectors.Take(8).Max(Math.Abs) * 5e-6f);
        var result = await engine.AuditAsync();
        Assert.Equal((0L, 0L, 0L, 1L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
        Assert.Contains("vector[0][0]", result.Problems.Single());
    }

    [Theory]
    [InlineData(true, "settingsVersion: stored 2 instead of 1")]
    [InlineData(false, "tableVersion: stored 0 instead of 1")]
    public async Task Audit_names_a_version_that_the_profile_was_not_folded_with(bool isSettings, string problem)
    {
        var engine = await CleanAsync();
        await RewriteAsync(engine, "u:v", user =>
        {
            if (isSettings) user.SettingsVersion++;
            else user.TableVersion--;
        });
        var result = await engine.AuditAsync();
        Assert.Equal((0L, 0L, 0L, 1L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
        Assert.Contains(problem, result.Problems.Single());
    }

    [Fact]
    public async Task Audit_names_a_second_alert_in_an_episode_as_duplicated()
    {
        var engine = await CleanAsync();
        var topic = engine.Names.ChurnAlerts;
        var alert = JsonSerializer.Deserialize(Assert.Single(engine.Topics.Log(topic)).Value, ContractsJson.Default.ChurnAlert)!;
        engine.Topics.Append(topic, 0, "v", JsonSerializer.Serialize(alert with { AlertId = "another" }, ContractsJson.Default.ChurnAlert));
        var result = await engine.AuditAsync();
        Assert.Equal((0L, 1L, 0L, 0L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
        Assert.Contains("second alert", result.Problems.Single());
    }

    [Fact]
    public async Task Audit_names_an_alert_that_no_fact_records_as_phantom()
    {
        var engine = await CleanAsync();
        var topic = engine.Names.ChurnAlerts;
        var alert = JsonSerializer.Deserialize(Assert.Single(engine.Topics.Log(topic)).Value, ContractsJson.Default.ChurnAlert)!;
        engine.Topics.Append(topic, 0, "u", JsonSerializer.Serialize(alert with { AlertId = "another", UserId = "u" }, ContractsJson.Default.ChurnAlert));
        var result = await engine.AuditAsync();
        Assert.Equal((0L, 0L, 1L, 0L), (result.Lost, result.Duplicated, result.Phantom, result.StateMismatches));
    }

    [Fact]
    public async Task Audit_names_an_erased_user_who_is_present_as_a_mismatch()
    {
        var engine = await CleanAsync();
        await RewriteAsync(engine, "u:w", user =>
        {
            user.IsErased = false;
            user.Counts[(int)EventType.View] = 1;
        });
        var result = await engine.AuditAsync();
        Assert.Equal(1, result.StateMismatches);
        Assert.Contains("an erased user's profile is present", result.Problems[0]);
    }

    [Fact]
    public async Task Audit_refuses_a_log_whose_beginning_is_gone()
    {
        var engine = await CleanAsync();
        engine.Topics.Truncate(engine.Names.Events, 3);
        var result = await engine.AuditAsync();
        Assert.False(result.Consistent);
        Assert.Contains("not auditable", result.NotAuditable);
    }

    [Fact]
    public async Task State_hash_of_equal_runs_is_equal_and_moves_with_any_counter()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (left, right) = (await CleanAsync(), await CleanAsync());
        var before = await StateHash.ComputeAsync(left.Store, 1, cancellation);
        Assert.Equal(before, await StateHash.ComputeAsync(right.Store, 1, cancellation));
        Assert.Equal(4, before.Users);
        await RewriteAsync(right, "u:v", user => user.AlertedEpisode = -1);
        Assert.Equal(before, await StateHash.ComputeAsync(right.Store, 1, cancellation));
        await RewriteAsync(right, "u:u", user => user.Vectors![0] += 1);
        var vectors = await StateHash.ComputeAsync(right.Store, 1, cancellation);
        Assert.NotEqual(before.All, vectors.All);
        Assert.Equal(before.WithoutVectors, vectors.WithoutVectors);
        await RewriteAsync(right, "u:u", user => user.EventCount++);
        Assert.NotEqual(before.WithoutVectors, (await StateHash.ComputeAsync(right.Store, 1, cancellation)).WithoutVectors);
    }
}
