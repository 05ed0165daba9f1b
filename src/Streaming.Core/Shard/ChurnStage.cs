using System.Globalization;
using System.Text;
using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Emit;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>
/// Churn alerts: users whose check is due by stream time are looked at before the event that brought the time is folded, each at most once an episode (design rule 4.9). An alert is a fact before it is state,
/// and where batches end changes nothing. Who is due and has to wait (quiet hours, cool-down, a budget that is spent) is planned anew, which no fact records: profile, shard and stream time say it again after a crash.
/// </summary>
internal sealed class ChurnStage(ShardServices services, ChurnModel model, OutputWriter writer, int partition)
{
    /// <summary>Alerts of one batch at most: its record must stay one that a broker takes. Who is due beyond that is looked at with the next batch, as of then.</summary>
    public const int MaxAlerts = 2_000;

    private const long DayMs = 86_400_000;

    private readonly AlertCalendar _calendar = new(services.Churn, services.ChurnZone);
    private readonly List<ControlFact> _alerts = [];
    private readonly List<Candidate> _candidates = [];
    private OutputBuffer? _outputs;

    /// <summary>Starts a batch.</summary>
    public void Begin(OutputBuffer outputs)
    {
        _alerts.Clear();
        _outputs = outputs;
    }

    /// <summary>Puts the alerts of the batch among its facts, in the order in which a replay applies them.</summary>
    public void End(List<ControlFact> facts)
    {
        if (_alerts.Count == 0) return;
        ControlFact[] ordered = [.. facts.Concat(_alerts).OrderBy(f => f.Before)]; // stable: of equal offset the others come first
        facts.Clear();
        facts.AddRange(ordered);
    }

    /// <summary>Keys whose check is due at or before a time; they must be in memory for <see cref="Run"/>.</summary>
    public void CollectDue(ShardMemory memory, long untilMs, ICollection<UserKey> into)
    {
        if (model.Options.Enabled) memory.ChurnDues.CollectUntil(untilMs, into);
    }

    /// <summary>Places the next check of touched users.</summary>
    public void Index(ShardMemory memory, UserState user) => Index(memory, user, memory.State.StreamTimeMs);

    /// <summary>Places the next check of users whom a replay touched. Where alerts may wait, one that was due on the way, and held, is due still.</summary>
    public void IndexReplayed(ShardMemory memory, UserState user) => Index(memory, user, model.Options.HoldsAlerts ? user.Purchases.LastMs : memory.State.StreamTimeMs);

    private void Index(ShardMemory memory, UserState user, long fromMs)
    {
        // All of the purchases that the risk looks at: a late one, or a guest's, leaves the last where it is, and whoever reads the profile anew would place its check elsewhere than who kept it.
        var purchases = (user.Purchases.FirstMs, user.Purchases.LastMs, user.Purchases.Occasions);
        if (!model.Options.Enabled || user.ChurnIndexedFor == purchases) return;
        user.ChurnIndexedFor = purchases;
        var due = model.NextCheckMs(user, fromMs);
        if (due == user.IndexedChurnDueMs) return;
        memory.IndexChurn(user, due);
        memory.Touch(user);
    }

    /// <summary>Looks at everyone who is due by now; alerts hold before the event at an offset.</summary>
    public void Run(ShardMemory memory, long before)
    {
        if (!model.Options.Enabled) return;
        var now = memory.State.StreamTimeMs;
        while (memory.ChurnDues.FirstMs <= now && _alerts.Count < MaxAlerts)
        {
            var (dueMs, key) = memory.ChurnDues.Pop();
            var user = memory.Users.Find(key);
            if (user is null || user.IndexedChurnDueMs != dueMs) continue;
            user.IndexedChurnDueMs = 0;
#if SIMULATION_DEFECTS
            if (Defects.Has(Defect.AlertsOfHalfMissed) && (key.Hash & 1) == 0) continue;
            if (Defects.Has(Defect.AlertAgainInEpisode))
            {
                var episode = user.EpisodePosition;
                if (user.AlertedEpisode >= episode) user.EpisodePosition = user.AlertedEpisode + 1;
                Look(memory, user, dueMs, now, before);
                user.EpisodePosition = episode;
                if (user.AlertedEpisode >= episode) memory.IndexChurn(user, now + 86_400_000);
            }
            else
#endif
            Look(memory, user, dueMs, now, before);
            memory.Touch(user);
        }

        if (_candidates.Count > 0) Spend(memory, now, before);
    }

    private void Look(ShardMemory memory, UserState user, long dueMs, long now, long before)
    {
        if (!ChurnModel.Fits(user) || user.AlertedEpisode == user.EpisodePosition) return;
        if (!model.IsAtRisk(user, now, out var risk)) memory.IndexChurn(user, model.NextCheckMs(user, now + 1));
        else if (IsSilent(memory, user)) Record(user, before, null, null);
        else if (HeldUntil(user, dueMs, now) is > 0 and var until) memory.IndexChurn(user, until);
        else if (_calendar.HasBudget) _candidates.Add(new Candidate(user, dueMs, risk, risk * ChurnModel.ExpectedValue(user, risk)));
        else Send(memory, user, risk, now, before);
    }

    private bool IsSilent(ShardMemory memory, UserState user)
    {
        if (memory.State.Paused.Contains(services.Topics.ChurnAlerts)) return true;
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.MarketConsentIgnored)) return user.Purchases.LastMs < memory.State.OutputsFromMs;
#endif
        return user.Purchases.LastMs < memory.State.OutputsFromMs || !user.Allows(ConsentFlags.Market);
    }

    // When to look again at who is due and must wait; 0: need not. A budget is spent from its hour on, among all who were due by then.
    private long HeldUntil(UserState user, long dueMs, long now)
    {
        if (model.Options.CoolDownDays > 0 && user.AlertedAtMs > 0 && user.AlertedAtMs + (model.Options.CoolDownDays * DayMs) is var rested && rested > now) return Held("cool_down", rested);
        if (_calendar.HasBudget)
        {
            var day = _calendar.DayOf(now);
            var opens = _calendar.BudgetTimeMs(day);
            if (opens > now) return opens;
            if (dueMs > opens) return _calendar.BudgetTimeMs(day + 1);
        }

        return _calendar.IsQuiet(now) ? Held("quiet_hours", _calendar.QuietEndMs(now)) : 0;
    }

    // Those with most to lose first, as far as the day's budget goes; the others are looked at again when the next day's is spent.
    private void Spend(ShardMemory memory, long now, long before)
    {
        _candidates.Sort();
        var day = _calendar.DayOf(now);
        var left = _calendar.ShareOf(day, partition, services.Partitions) - memory.State.SpentOn(day);
        foreach (var (user, dueMs, risk, _) in _candidates)
        {
            if (left-- <= 0) memory.IndexChurn(user, Held("budget", _calendar.BudgetTimeMs(day + 1)));
            else if (_alerts.Count < MaxAlerts) Send(memory, user, risk, now, before);
            else memory.IndexChurn(user, dueMs); // with the next batch
        }

        _candidates.Clear();
    }

    private void Send(ShardMemory memory, UserState user, double risk, long now, long before)
    {
        long? day = _calendar.HasBudget ? _calendar.DayOf(now) : null;
        long? at = model.Options.CoolDownDays > 0 ? now : null;
        Record(user, before, day, at);
        if (day is { } spent) memory.State.Spend(spent, 1);
        if (at is { } time) user.AlertedAtMs = time;
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.AlertLost)) return;
#endif
        var treatment = (Hash64.Of(user.Key.Bytes, seed: 0x9e3779b97f4a7c15) >> 11) * (1.0 / (1UL << 53)) >= model.Options.HoldOut;
        _outputs!.Add(OutputTopic.ChurnAlerts, partition, user.Key.Id, writer.ChurnAlert(user, model, risk, model.Risk(user, user.Purchases.LastMs), treatment, now,
            services.Time.GetUtcNow().ToUnixTimeMilliseconds()));
        ShardMetrics.ChurnAlerts.Add(1);
    }

    private void Record(UserState user, long before, long? day, long? atMs)
    {
#if SIMULATION_DEFECTS
        if (!Defects.Has(Defect.AlertWithoutFact))
#endif
        _alerts.Add(new ControlFact
        {
            Type = FactTypes.Alert, Before = before, User = Encoding.UTF8.GetString(user.Key.Bytes), Episode = user.EpisodePosition, TimeMs = atMs, Value = day?.ToString(CultureInfo.InvariantCulture),
        });
        user.AlertedEpisode = user.EpisodePosition;
    }

    private static long Held(string reason, long untilMs)
    {
        ShardMetrics.HeldAlerts.Add(1, new KeyValuePair<string, object?>("reason", reason));
        return untilMs;
    }

    // In the order in which a budget is spent: most to lose first, of equals the lower key.
    private readonly record struct Candidate(UserState User, long DueMs, double Risk, double Worth) : IComparable<Candidate>
    {
        public int CompareTo(Candidate other) => Worth != other.Worth ? other.Worth.CompareTo(Worth) : User.Key.CompareTo(other.User.Key);
    }
}
