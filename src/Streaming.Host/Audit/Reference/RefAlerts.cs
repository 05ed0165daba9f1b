using Streaming.Core.Fold;

namespace Streaming.Host.Audit.Reference;

/// <summary>
/// Alerts: each fact is held against the reference profile at its place in the log (the user bought, is not erased, is in that episode and was not alerted in it), and where the churn settings are known each alert
/// that was due must be a fact by then, and none before. Quiet hours, cool-down and budget put it off: who waits is due again at their end, and who waits for a budget has no more to lose than anyone who was alerted.
/// </summary>
/// <remarks>
/// A check is due at a stream time and happens before the event that brings it, or at the end of the batch (a tick). Not every shift of it is in the log, so the latest place that the engine may choose counts:
/// who is held back is looked at once let go, everyone once a batch that deferred its due entries, or had as many alerts as one may have, is followed by one that did not, and of them, and of who gets a guest's delta in the batch whose tick brings the
/// time, the check may move on to the next whole day. What is not checked for these reasons: users held back to the end, and a log that ends with deferred batches.
/// </remarks>
/// <param name="shard">The reference.</param>
/// <param name="churn">The definition; null: not known, nobody is said to be due.</param>
/// <param name="findings">Takes what is wrong.</param>
/// <param name="partition">For the texts.</param>
internal sealed class RefAlerts(RefShard shard, RefChurn? churn, AuditFindings findings, int partition)
{
    // A batch that has so many looks at nobody else (docs/topics.md).
    private const int MostAlerts = 2_000;

    private readonly HashSet<(string User, long Episode)> _facts = [];
    private readonly HashSet<(string User, long Episode)> _owed = [];
    private readonly SortedSet<(long DueMs, string Key)> _checks = new(Comparer<(long DueMs, string Key)>.Create(InOrder));
    private readonly Dictionary<string, Plan> _plans = new(StringComparer.Ordinal);
    private readonly HashSet<string> _heldBack = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> _spent = [];
    private readonly List<Made> _alerted = [];
    private bool _isDeferred;
    private int _alertsInBatch;

    /// <summary>True for an alert that a fact rightly records.</summary>
    public bool HasFact(string user, long episode) => _facts.Contains((user, episode));

    /// <summary>Alerts that facts record and that should have a record: of users who consent to marketing, and whose last purchase is not older than the outputs.</summary>
    public IReadOnlySet<(string User, long Episode)> Owed => _owed;

    /// <summary>Last purchases before this time are history: alerts for them are silent.</summary>
    public long OutputsFromMs { get; set; } = long.MinValue;

    /// <summary>True while alerts are withheld.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Starts a batch.</summary>
    /// <param name="isDeferred">It deferred its due entries: whoever was not in memory is looked at later.</param>
    public void BeginBatch(bool isDeferred)
    {
        if ((_isDeferred || _alertsInBatch >= MostAlerts) && !isDeferred)
        {
            foreach (var (_, key) in Passed()) Postpone(key);
        }

        (_isDeferred, _alertsInBatch) = (isDeferred, 0);
    }

    /// <summary>The user is held back.</summary>
    public void Parked(string user) => _heldBack.Add(user);

    /// <summary>The user was let go.</summary>
    public void Unparked(string user)
    {
        if (_heldBack.Remove(user)) Postpone(user);
    }

    /// <summary>A profile may have other purchases now; its check is planned from stream time on.</summary>
    public void Touched(RefProfile user)
    {
        var p = user.Purchases;
        if (churn is null || (_plans.TryGetValue(user.Key, out var plan) && plan.IsFor(p))) return;
        Put(user, churn.NextCheckMs(user, shard.StreamTimeMs));
    }

    /// <summary>A profile got a delta. Where the batch's tick has brought the time of its check already, whoever has just read the profile plans anew from that time on.</summary>
    public void Linked(RefProfile user)
    {
        Touched(user);
        Postpone(user.Key);
    }

    /// <summary>§11: a fact.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="episode">In which episode.</param>
    /// <param name="sequence">Of which batch.</param>
    /// <param name="sentAtMs">When the alert went out, where the fact says so.</param>
    /// <param name="day">Whose budget it was taken from, where the fact says so.</param>
    public void Fact(string user, long episode, long sequence, long? sentAtMs = null, string? day = null)
    {
        var profile = shard.Profiles.GetValueOrDefault(user);
        var who = $"batch {sequence} of partition {partition} records an alert of {user} in episode {episode}";
        if (profile is null || !RefChurn.Fits(profile)) findings.Phantom($"{who}, who {(profile?.IsErased == true ? "is erased" : "never bought")}");
        else if (profile.EpisodePosition != episode) findings.Phantom($"{who}, whose episode is {profile.EpisodePosition}");
        else if (profile.AlertedEpisode == episode || !_facts.Add((user, episode))) findings.Duplicated(1, $"{who}, a second alert in it");
        else if (profile.Allows(ConsentFlags.Market) && profile.Purchases.LastMs >= OutputsFromMs) _owed.Add((user, episode));
        var made = profile is null ? null : new Made(profile, IsSilent(profile), profile.AlertedEpisode, profile.AlertedAtMs, sentAtMs, day);
        shard.Alert(user, episode, sentAtMs);
        _alertsInBatch++;
        if (churn is null || made is null || profile is null) return;
        _alerted.Add(made);
        if (profile.AlertedEpisode == profile.EpisodePosition) Put(profile, 0);
    }

    /// <summary>Stream time has moved, or a batch ends: whose check is due is a fact by now, and whose is a fact was due.</summary>
    /// <param name="before">Offset of the event that is applied next; null: the end of the batch.</param>
    public void Check(long? before)
    {
        if (churn is null) return;
        var now = shard.StreamTimeMs;
        var least = double.PositiveInfinity;
        foreach (var made in _alerted)
        {
            if (!RefChurn.Fits(made.User)) continue;
            foreach (var wrong in Wrong(made, now)) findings.Phantom($"the alert of {made.User.Key} (partition {partition}) in episode {made.User.EpisodePosition}, {Place(before)}: {wrong}");
            if (!made.IsSilent) least = Math.Min(least, churn.Worth(made.User, now));
        }

        _alerted.Clear();
        if (_isDeferred || _alertsInBatch >= MostAlerts || _checks.Count == 0 || _checks.Min.DueMs > now) return;
        foreach (var (dueMs, key) in Passed())
        {
            if (_heldBack.Contains(key)) continue;
            var user = shard.Profiles[key];
            if (Waits(user, dueMs, now, least) is { } untilMs)
            {
                Put(user, untilMs);
                continue;
            }

            findings.Lost(1, $"the alert of {key} (partition {partition}) in episode {user.EpisodePosition}: due at {dueMs}, {Place(before)} no batch has recorded it");
            Put(user, 0);
        }
    }

    // 0037: what a fact must not be, as of the stream time at which it was made.
    private IEnumerable<string> Wrong(Made made, long now)
    {
        if (churn!.IsTooEarly(made.User, now)) yield return "it was not due";
        if (made.AlertedEpisode >= 0 && churn.HasNotLeft(made.User)) yield return "the risk had not fallen since the alert before";
        if (made.IsSilent)
        {
            if (made.Day is not null || made.SentAtMs is not null) yield return "it did not go out, and is counted as if it had";
            yield break;
        }

        if (made.SentAtMs != (churn.CoolDownDays > 0 ? now : null)) yield return $"the fact says that it went out at {(made.SentAtMs is { } sentAtMs ? $"{sentAtMs}" : "no time")}";
        if (RestedMs(made.AlertedBeforeMs) > now) yield return $"the one before was at {made.AlertedBeforeMs}, less than the cool-down ago";
        if (churn.Calendar is not { } calendar) yield break;
        if (calendar.IsQuiet(now)) yield return "these are quiet hours";
        var day = calendar.DayOf(now);
        if (made.Day != (calendar.PerDay > 0 ? $"{day}" : null)) yield return $"the fact takes it from the budget of day {made.Day ?? "none"}";
        if (calendar.PerDay == 0) yield break;
        var (opens, spent) = (calendar.Opens(day), _spent[day] = _spent.GetValueOrDefault(day) + 1);
        if (opens > now || churn.EarliestMs(made.User) > opens) yield return $"the budget of day {day} is spent at {opens}, among those who are due by then";
        if (spent > calendar.Share(day)) yield return $"it is number {spent} of day {day}, the budget is {calendar.Share(day)}";
    }

    // 0037: until when one who is due may have to wait; null: need not.
    private long? Waits(RefProfile user, long dueMs, long now, double least)
    {
        // Who was put off may have been looked at already, and wait, before the alert became a silent one.
        if (IsSilent(user) && !_plans[user.Key].IsPostponed) return null;
        if (RestedMs(user.AlertedAtMs) is var rested && rested > now) return rested;
        if (churn!.Calendar is not { } calendar) return null;
        var day = calendar.DayOf(now);
        if (calendar.PerDay > 0)
        {
            var opens = calendar.Opens(day);
            if (opens > now) return opens;
            if (dueMs > opens) return calendar.Opens(day + 1);
        }

        if (calendar.IsQuiet(now)) return calendar.QuietEnd(now);
        // Of worth that is nearly the same another machine may say the opposite.
        var isSpent = calendar.PerDay > 0 && _spent.GetValueOrDefault(day) >= calendar.Share(day);
        return isSpent && (double.IsInfinity(least) || churn.Worth(user, now) <= least + (1e-9 * Math.Max(1, least))) ? calendar.Opens(day + 1) : null;
    }

    private long RestedMs(long alertedAtMs) => churn!.CoolDownDays > 0 && alertedAtMs > 0 ? alertedAtMs + (churn.CoolDownDays * 86_400_000L) : 0;

    private bool IsSilent(RefProfile user) => IsPaused || !user.Allows(ConsentFlags.Market) || user.Purchases.LastMs < OutputsFromMs;

    private string Place(long? before) => before is { } offset ? $"before the event at offset {offset} (stream time {shard.StreamTimeMs})" : $"at the end of a batch (stream time {shard.StreamTimeMs})";

    private List<(long DueMs, string Key)> Passed() => [.. _checks.TakeWhile(check => check.DueMs <= shard.StreamTimeMs)];

    private void Postpone(string key)
    {
        if (churn is null || !_plans.TryGetValue(key, out var plan) || plan.DueMs == 0 || plan.DueMs > shard.StreamTimeMs) return;
        var user = shard.Profiles[key];
        Put(user, churn.NextCheckMs(user, shard.StreamTimeMs), isPostponed: true);
    }

    private void Put(RefProfile user, long dueMs, bool isPostponed = false)
    {
        if (_plans.TryGetValue(user.Key, out var old) && old.DueMs != 0) _checks.Remove((old.DueMs, user.Key));
        _plans[user.Key] = new Plan(dueMs, user.Purchases.FirstMs, user.Purchases.LastMs, user.Purchases.Occasions, isPostponed);
        if (dueMs != 0) _checks.Add((dueMs, user.Key));
    }

    private static int InOrder((long DueMs, string Key) left, (long DueMs, string Key) right) =>
        left.DueMs != right.DueMs ? left.DueMs.CompareTo(right.DueMs) : string.CompareOrdinal(left.Key, right.Key);

    private sealed record Made(RefProfile User, bool IsSilent, long AlertedEpisode, long AlertedBeforeMs, long? SentAtMs, string? Day);

    // A check is planned anew where one of these differs, and at no other event.
    private readonly record struct Plan(long DueMs, long FirstMs, long LastMs, int Occasions, bool IsPostponed)
    {
        public bool IsFor(RefPurchases p) => (FirstMs, LastMs, Occasions) == (p.FirstMs, p.LastMs, p.Occasions);
    }
}
