using System.Globalization;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Host.Audit;
using Xunit;

namespace Streaming.Host.Tests.Audit;

/// <summary>
/// A clean run in which one alert a day goes out, none between 22 and 4, the larger value first; its facts changed as another engine would have written them, and what the audit says.
/// </summary>
public sealed class HeldAlertVerdictTests
{
    // 2023-11-14 22:13:20 UTC. v and w buy, and are due on day 11 at that hour; x comes every six hours, at offset 1 + k after 6k hours.
    private const long T0 = 1_700_000_000_000, HourMs = 3_600_000, DayMs = 24 * HourMs;
    private const int Quiet = 44, Early = 45, First = 46, Second = 50;

    private static long At(int k) => T0 + (6 * k * HourMs);

    private static string Day(int k) => (At(k) / DayMs).ToString(CultureInfo.InvariantCulture);

    private static EngineHarness Engine() => new(partitions: 1)
    {
        Churn = new ChurnOptions
        {
            Enter = 0.6, Bias = -0.9, Recency = 0.32, Frequency = -0.75, Age = 0.05, GapRatio = 0.55, NoRepeat = 0.3, BudgetPerDay = 1, BudgetHour = 9, QuietFrom = 22, QuietTo = 4, CoolDownDays = 5,
        },
    };

    private static async Task<EngineHarness> AlertedAsync()
    {
        var engine = Engine();
        engine.Topics.Append(engine.Names.Control, 0, "0", JsonSerializer.Serialize(new ControlRequest { RequestId = "history", Type = "historical", TimeMs = 0 }, ContractsJson.Default.ControlRequest));
        Buy(engine, "v", T0, 5);
        Buy(engine, "w", T0, 50);
        for (var k = 1; k < 60; k++) engine.Send("x", FormattableString.Invariant($$"""{"type":"view","userId":"x","itemId":"i1","occurredAt":{{At(k)}}}"""));
        await engine.DrainAsync();
        await engine.HandOffAsync();
        var clean = await engine.AuditAsync();
        Assert.True(clean.Consistent, string.Join('\n', clean.Problems));
        var alerts = Alerts(engine);
        Assert.Equal([("u:w", First + 1L, At(First), Day(First)), ("u:v", Second + 1L, At(Second), Day(Second))], alerts.Select(f => (f.User!, f.Before, f.TimeMs ?? 0, f.Value!)));
        return engine;
    }

    private static void Buy(EngineHarness engine, string user, long atMs, int price) =>
        engine.Send(user, FormattableString.Invariant($$"""{"type":"purchase","userId":"{{user}}","itemId":"i1","occurredAt":{{atMs}},"quantity":1,"unitPrice":{{price}},"currency":"EUR"}"""));

    private static List<ControlFact> Alerts(EngineHarness engine) =>
        [.. engine.Topics.Log(engine.Names.Control).SelectMany(record => ControlRecords.TryBatch(record.Value, out var batch) ? batch.Facts ?? [] : []).Where(fact => fact.Type == "alert")];

    private static async Task<string> AuditAsync(EngineHarness engine, params ControlFact[] alerts)
    {
        engine.Topics.Rewrite(engine.Names.Control, 0, value =>
        {
            if (!ControlRecords.TryBatch(value, out var batch)) return value;
            ControlFact[] facts = [.. (batch.Facts ?? []).Where(f => f.Type != "alert").Concat(alerts.Where(f => f.Before >= batch.EventsFrom && f.Before < batch.EventsTo)).OrderBy(f => f.Before)];
            return JsonSerializer.SerializeToUtf8Bytes(batch with { Facts = facts.Length == 0 ? null : facts }, ContractsJson.Default.ControlBatch);
        });
        return string.Join('\n', (await engine.AuditAsync()).Problems);
    }

    private static ControlFact Moved(ControlFact fact, int k) => fact with { Before = k + 1, TimeMs = At(k), Value = Day(k) };

    [Fact]
    public async Task Alert_of_who_has_less_to_lose_first_is_a_loss_of_the_other()
    {
        var engine = await AlertedAsync();
        var (w, v) = (Alerts(engine)[0], Alerts(engine)[1]);
        Assert.Contains($"the alert of u:w (partition 0) in episode 1: due at {At(First) - 4_400_000}", await AuditAsync(engine, Moved(v, First), Moved(w, Second)));
    }

    [Fact]
    public async Task Alert_beyond_the_budget_is_phantom()
    {
        var engine = await AlertedAsync();
        Assert.Contains($"it is number 2 of day {Day(First)}, the budget is 1", await AuditAsync(engine, Alerts(engine)[0], Moved(Alerts(engine)[1], First)));
    }

    [Fact]
    public async Task Alert_in_quiet_hours_is_phantom()
    {
        var engine = await AlertedAsync();
        Assert.Contains("these are quiet hours", await AuditAsync(engine, Moved(Alerts(engine)[0], Quiet), Alerts(engine)[1]));
    }

    [Fact]
    public async Task Alert_before_the_hour_of_the_budget_is_phantom()
    {
        var engine = await AlertedAsync();
        Assert.Contains($"the budget of day {Day(Early)} is spent at", await AuditAsync(engine, Moved(Alerts(engine)[0], Early), Alerts(engine)[1]));
    }

    [Fact]
    public async Task Alert_that_waits_though_the_budget_is_not_spent_is_lost()
    {
        var engine = await AlertedAsync();
        Assert.Contains("the alert of u:v (partition 0) in episode 0", await AuditAsync(engine, Alerts(engine)[0]));
    }

    [Fact]
    public async Task Fact_that_is_counted_to_another_day_or_says_another_time_is_phantom()
    {
        var engine = await AlertedAsync();
        var (w, v) = (Alerts(engine)[0], Alerts(engine)[1]);
        Assert.Contains("the fact takes it from the budget of day 7", await AuditAsync(engine, w with { Value = "7" }, v));
        Assert.Contains("the fact says that it went out at 8", await AuditAsync(engine, w with { TimeMs = 8 }, v));
        Assert.Contains("alertedAtMs", await AuditAsync(engine, w with { TimeMs = 8 }, v));
    }

    [Fact]
    public async Task Second_alert_within_the_cool_down_is_phantom_and_one_after_it_is_asked_for()
    {
        var engine = Engine();
        engine.Topics.Append(engine.Names.Control, 0, "0", JsonSerializer.Serialize(new ControlRequest { RequestId = "history", Type = "historical", TimeMs = 0 }, ContractsJson.Default.ControlRequest));
        Buy(engine, "v", T0, 5);
        for (var k = 1; k < 240; k++)
        {
            engine.Send("x", FormattableString.Invariant($$"""{"type":"view","userId":"x","itemId":"i1","occurredAt":{{At(k)}}}"""));
            if (k == First) Buy(engine, "v", At(k) + 1000, 5);
        }

        await engine.DrainAsync();
        await engine.HandOffAsync();
        var clean = await engine.AuditAsync();
        Assert.True(clean.Consistent, string.Join('\n', clean.Problems));
        var (first, second) = (Alerts(engine)[0], Alerts(engine)[1]);
        Assert.Contains("less than the cool-down ago", await AuditAsync(engine, first with { TimeMs = second.TimeMs - (4 * DayMs) }, second));
        Assert.Contains("the alert of u:v", await AuditAsync(engine, first));
    }
}
