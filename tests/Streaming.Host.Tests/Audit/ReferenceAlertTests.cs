using Streaming.Contracts;
using Streaming.Core.Fold;
using Streaming.Host.Audit;
using Streaming.Host.Audit.Reference;
using Xunit;

namespace Streaming.Host.Tests.Audit;

/// <summary>Who is due an alert, and until when the audit waits for it.</summary>
public sealed class ReferenceAlertTests : IRefObserver
{
    private const long T0 = 1_773_000_000_000, Day = 86_400_000;
    private static readonly RefChurn Churn = new(Enter: 0.6, DefaultGapDays: 10, Bias: -1, Recency: 0.5, Frequency: 0, Age: 0, GapRatio: 0, NoRepeat: 0);
    private readonly AuditFindings _findings = new(20);
    private readonly RefShard _shard;
    private readonly RefAlerts _alerts;
    private long _offset;

    public ReferenceAlertTests()
    {
        _shard = new RefShard(this);
        _shard.PutSettings(new RefSettings(new FoldOptions { Dimensions = 8 }, ConsentFlags.All));
        _alerts = new RefAlerts(_shard, Churn, _findings, 0);
    }

    void IRefObserver.TimeCame(long offset) => _alerts.Check(offset);
    void IRefObserver.SessionClosed(RefProfile user, RefSession session) { }
    void IRefObserver.LinkSent(RefProfile guest, long offset, LinkDelta delta) { }
    void IRefObserver.SessionsErased(RefProfile user, long offset) { }
    void IRefObserver.Erased(RefProfile user, long offset, IReadOnlyList<RefGuest> guests) { }

    private long Lost => _findings.LostCount;

    private void Send(EventType type, string user, long t)
    {
        _shard.Apply(new RefEvent { Offset = _offset++, Type = type, User = user, Item = "x", OccurredAtMs = t });
        _alerts.Touched(_shard.Profiles[user]);
    }

    private void Tick(long t)
    {
        _shard.Tick(t);
        _alerts.Check(null);
    }

    [Fact]
    public void Check_is_due_on_the_first_whole_day_at_which_the_risk_is_high_enough()
    {
        Send(EventType.Purchase, "u:a", T0);
        // σ(−1 + ln(1 + days)/2) ≥ 0.6 where days ≥ e^(2·(1 + ln 1.5)) − 1 = 15.6.
        Assert.Equal(T0 + (16 * Day), Churn.NextCheckMs(_shard.Profiles["u:a"], T0));
        Assert.Equal(T0 + (21 * Day), Churn.NextCheckMs(_shard.Profiles["u:a"], T0 + (20 * Day) + 1));
        Tick(T0 + (16 * Day) - 1);
        Assert.Equal(0, Lost);
        Tick(T0 + (16 * Day));
        Assert.Equal(1, Lost);
        Tick(T0 + (30 * Day));
        Assert.Equal(1, Lost); // told once
    }

    [Fact]
    public void Alert_that_is_there_is_asked_for_no_more_until_the_next_episode()
    {
        Send(EventType.Purchase, "u:a", T0);
        _alerts.Fact("u:a", 0, 1);
        Tick(T0 + (40 * Day));
        Assert.Equal((0L, 0L), (Lost, _findings.PhantomCount));
        Send(EventType.Purchase, "u:a", T0 + (41 * Day));
        Tick(T0 + (80 * Day));
        Assert.Equal(1, Lost);
    }

    [Fact]
    public void Purchase_and_erasure_before_the_check_move_it_and_take_it_away()
    {
        Send(EventType.Purchase, "u:a", T0);
        Send(EventType.Purchase, "u:b", T0);
        Send(EventType.Purchase, "u:a", T0 + (10 * Day));
        Send(EventType.Erase, "u:b", T0 + (10 * Day));
        Tick(T0 + (26 * Day) - 1);
        Assert.Equal(0, Lost);
    }

    [Fact]
    public void User_who_is_held_back_is_due_once_let_go_on_the_next_whole_day()
    {
        Send(EventType.Purchase, "u:a", T0);
        _alerts.Parked("u:a");
        Tick(T0 + (20 * Day) + 1);
        _alerts.Unparked("u:a");
        Tick(T0 + (21 * Day) - 1);
        Assert.Equal(0, Lost);
        Tick(T0 + (21 * Day));
        Assert.Equal(1, Lost);
    }

    [Fact]
    public void Batch_that_defers_its_due_entries_puts_checks_off_until_one_that_does_not()
    {
        Send(EventType.Purchase, "u:a", T0);
        _alerts.BeginBatch(isDeferred: true);
        Tick(T0 + (20 * Day) + 1);
        Assert.Equal(0, Lost);
        _alerts.BeginBatch(isDeferred: false);
        Tick(T0 + (20 * Day) + 2);
        Assert.Equal(0, Lost);
        Tick(T0 + (21 * Day));
        Assert.Equal(1, Lost);
    }

    [Fact]
    public void Delta_in_the_batch_whose_tick_brings_the_time_puts_the_check_off_to_the_next_whole_day()
    {
        Send(EventType.Purchase, "u:a", T0);
        _shard.Tick(T0 + (16 * Day) + 1);
        _alerts.Linked(_shard.Profiles["u:a"]);
        _alerts.Check(null);
        Assert.Equal(0, Lost);
        Tick(T0 + (17 * Day));
        Assert.Equal(1, Lost);
    }

    [Fact]
    public void Risk_that_falls_with_silence_is_known_as_such() => Assert.Equal((true, false), (Churn.NeverFalls, (Churn with { GapRatio = -0.1 }).NeverFalls));
}
