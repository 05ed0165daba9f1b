using Streaming.Core.Fold;

namespace Streaming.Host.Audit.Reference;

/// <summary>
/// Alerts: each fact is held against the reference profile at its place in the log (the user bought, is not erased, is in that episode and was not alerted in it), and where the churn settings are known each alert
/// that was due must be a fact by then, and none before.
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
    private readonly List<RefProfile> _alerted = [];
    private bool _isDeferred;
    private int _alertsInBatch;

    /// <summary>True for an alert that a fact rightly records.</summary>
    public bool HasFact(string user, long episode) => _facts.Contains((user, episode));

    /// <summary>Alerts that facts record and that should have a record: of users who consent to marketing, and whose last purchase is not older than the outputs.</summary>
    public IReadOnlySet<(string User, long Episode)> Owed => _owed;

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
    public void Fact(string user, long episode, long sequence, long outputsFromMs)
    {
        var profile = shard.Profiles.GetValueOrDefault(user);
        var who = $"batch {sequence} of partition {partition} records an alert of {user} in episode {episode}";
        if (profile is null || !RefChurn.Fits(profile)) findings.Phantom($"{who}, who {(profile?.IsErased == true ? "is erased" : "never bought")}");
        else if (profile.EpisodePosition != episode) findings.Phantom($"{who}, whose episode is {profile.EpisodePosition}");
        else if (profile.AlertedEpisode == episode || !_facts.Add((user, episode))) findings.Duplicated(1, $"{who}, a second alert in it");
        else if (profile.Allows(ConsentFlags.Market) && profile.Purchases.LastMs >= outputsFromMs) _owed.Add((user, episode));
        shard.Alert(user, episode);
        _alertsInBatch++;
        if (churn is null || profile is null) return;
        _alerted.Add(profile);
        if (profile.AlertedEpisode == profile.EpisodePosition) Put(profile, 0);
    }

    /// <summary>Stream time has moved, or a batch ends: whose check is due is a fact by now, and whose is a fact was due.</summary>
    /// <param name="before">Offset of the event that is applied next; null: the end of the batch.</param>
    public void Check(long? before)
    {
        if (churn is null) return;
        var now = shard.StreamTimeMs;
        foreach (var user in _alerted)
        {
            if (RefChurn.Fits(user) && churn.IsTooEarly(user, now)) findings.Phantom($"the alert of {user.Key} (partition {partition}) in episode {user.EpisodePosition}, {Place(before)}: it was not due");
        }

        _alerted.Clear();
        if (_isDeferred || _alertsInBatch >= MostAlerts || _checks.Count == 0 || _checks.Min.DueMs > now) return;
        foreach (var (dueMs, key) in Passed())
        {
            if (_heldBack.Contains(key)) continue;
            var user = shard.Profiles[key];
            findings.Lost(1, $"the alert of {key} (partition {partition}) in episode {user.EpisodePosition}: due at {dueMs}, {Place(before)} no batch has recorded it");
            Put(user, 0);
        }
    }

    private string Place(long? before) => before is { } offset ? $"before the event at offset {offset} (stream time {shard.StreamTimeMs})" : $"at the end of a batch (stream time {shard.StreamTimeMs})";

    private List<(long DueMs, string Key)> Passed() => [.. _checks.TakeWhile(check => check.DueMs <= shard.StreamTimeMs)];

    private void Postpone(string key)
    {
        if (churn is null || !_plans.TryGetValue(key, out var plan) || plan.DueMs == 0 || plan.DueMs > shard.StreamTimeMs) return;
        var user = shard.Profiles[key];
        Put(user, churn.NextCheckMs(user, shard.StreamTimeMs));
    }

    private void Put(RefProfile user, long dueMs)
    {
        if (_plans.TryGetValue(user.Key, out var old) && old.DueMs != 0) _checks.Remove((old.DueMs, user.Key));
        _plans[user.Key] = new Plan(dueMs, user.Purchases.FirstMs, user.Purchases.LastMs, user.Purchases.Occasions);
        if (dueMs != 0) _checks.Add((dueMs, user.Key));
    }

    private static int InOrder((long DueMs, string Key) left, (long DueMs, string Key) right) =>
        left.DueMs != right.DueMs ? left.DueMs.CompareTo(right.DueMs) : string.CompareOrdinal(left.Key, right.Key);

    // A check is planned anew where one of these differs, and at no other event.
    private readonly record struct Plan(long DueMs, long FirstMs, long LastMs, int Occasions)
    {
        public bool IsFor(RefPurchases p) => (FirstMs, LastMs, Occasions) == (p.FirstMs, p.LastMs, p.Occasions);
    }
}
