using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Fold;

namespace Streaming.Host.Audit.Reference;

/// <summary>
/// The reference fold of one partition, written from docs/fold.md: slow, single-threaded, made of dictionaries and lists, and sharing nothing with the engine's fold but the
/// numbers of <see cref="FoldOptions"/>. The caller walks the batch records and hands in links, facts and events in the order of §2.
/// </summary>
internal sealed class RefShard
{
    private readonly Dictionary<string, RefProfile> _profiles = new(StringComparer.Ordinal);
    private readonly RefSessions _sessions;
    private readonly IRefObserver _observer;

    /// <summary>Starts with nothing.</summary>
    public RefShard(IRefObserver observer)
    {
        _observer = observer;
        _sessions = new RefSessions(observer.SessionClosed);
    }

    /// <summary>Stream time, ms.</summary>
    public long StreamTimeMs { get; private set; }

    /// <summary>Settings in force.</summary>
    public RefSettings Settings { get; private set; } = RefSettings.Start;

    /// <summary>Item vectors.</summary>
    public RefTables Tables { get; } = new();

    /// <summary>Profiles by key.</summary>
    public IReadOnlyDictionary<string, RefProfile> Profiles => _profiles;

    /// <summary>§9, one record of <c>links</c>.</summary>
    public void ApplyLink(LinkDelta delta, long eventsFrom)
    {
        var user = Profile("u:" + delta.UserId);
        if (RefLinks.Receive(user, delta, eventsFrom, Settings, Tables) is { } late) _observer.Erased(user, user.ErasedAt, [late]);
        _sessions.OnTouched(user);
    }

    /// <summary>§11: settings.</summary>
    public void PutSettings(RefSettings settings) => Settings = settings with { Version = Settings.Version + 1 };

    /// <summary>§11: historical.</summary>
    public void Historical() => Settings = Settings with { ConsentDefault = ConsentFlags.All };

    /// <summary>§11: tick.</summary>
    public void Tick(long timeMs)
    {
        var t = Math.Max(StreamTimeMs, timeMs);
        _sessions.EndDue(t);
        StreamTimeMs = t;
    }

    /// <summary>§11: alert.</summary>
    public void Alert(string key, long episode, long? sentAtMs = null)
    {
        var user = Profile(key);
        user.AlertedEpisode = episode;
        user.AlertedAtMs = sentAtMs ?? user.AlertedAtMs;
    }

    /// <summary>§2 and §3: one event that is no dead letter. False where it was a duplicate.</summary>
    public bool Apply(RefEvent e)
    {
        var t = e.AppendedAtMs is { } appended ? Math.Min(e.OccurredAtMs, appended + RefSettings.Ms(Settings.Options.FutureAllowance)) : e.OccurredAtMs;
        Tick(t);
        _observer.TimeCame(e.Offset);
        var user = Profile(e.User);
        if (e.Type == EventType.Erase)
        {
            Erase(user, e.Offset, e.AppendedAtMs ?? t);
            return true;
        }

        if (e.Id is { } id && !Remember(user, id)) return false;
        RefInterests.BringUpToDate(user, Settings, Tables);
        user.IsErased = false;
        user.FirstEventMs = user.EventCount == 0 ? t : Math.Min(user.FirstEventMs, t);
        user.LastEventMs = user.EventCount == 0 ? t : Math.Max(user.LastEventMs, t);
        user.EventCount++;
        user.Counts[(int)e.Type]++;
        Special(user, e, e.AppendedAtMs ?? t);
        if (HasSession(e.Type)) _sessions.OnEvent(user, e, t, Settings);
        else _sessions.OnTouched(user);
        RefPurchasing.Apply(user, e.Type, e.Quantity, e.PriceE4, e.Currency, t, e.Offset, Settings);
        if (e.Item is { } item) RefItems.Apply(user, new RefAction(item, e.Type, e.StarsTimesTen, t), Settings, Tables);
        if (e.User[0] == 'a' && RefLinks.Straggler(user, e, t) is { } delta) _observer.LinkSent(user, e.Offset, delta);
        return true;
    }

    private RefProfile Profile(string key)
    {
        if (_profiles.TryGetValue(key, out var user)) return user;
        user = new RefProfile(key) { TableVersion = Tables.Version, Settings = Settings, Consent = Settings.ConsentDefault };
        _profiles.Add(key, user);
        return user;
    }

    private bool Remember(RefProfile user, string id)
    {
        if (user.RecentIds.Contains(id)) return false;
        user.RecentIds.Add(id);
        if (user.RecentIds.Count > Settings.Options.DuplicateWindow) user.RecentIds.RemoveAt(0);
        return true;
    }

    private void Special(RefProfile user, RefEvent e, long arrivedAtMs)
    {
        switch (e.Type)
        {
            case EventType.Consent:
                user.Consent = (user.Consent & ~e.ConsentNamed) | (e.ConsentNamed & e.ConsentGranted);
                user.ConsentGiven = true;
                if (user.Allows(ConsentFlags.Personalise)) return;
                user.ClearVectors();
                user.Ring = [];
                user.Bought = [];
                user.Impressions = [];
                return;
            case EventType.Message:
                user.Messages[(int)e.Message]++;
                if (e.Message != MessageState.Unsubscribed) return;
                user.Consent &= ~ConsentFlags.Market;
                user.ConsentGiven = true;
                return;
            case EventType.Identify:
                if (RefLinks.Identify(user, e, arrivedAtMs) is { } delta) _observer.LinkSent(user, e.Offset, delta);
                return;
            default:
                return;
        }
    }

    private static bool HasSession(EventType type) => type is EventType.View or EventType.Click or EventType.Search or EventType.Impression or EventType.AddToCart
        or EventType.RemoveFromCart or EventType.Wishlist or EventType.Purchase or EventType.Rating or EventType.Review or EventType.Identify or EventType.NotInterested;

    private void Erase(RefProfile old, long offset, long arrivedAtMs)
    {
        _sessions.Drop(old);
        _profiles.Remove(old.Key);
        var user = Profile(old.Key);
        user.ErasedAt = offset;
        user.ErasedAtMs = Math.Max(old.ErasedAtMs, arrivedAtMs);
        user.IsErased = true;
        user.LinkGeneration = old.LinkGeneration;
        user.BrokenGuests = [.. old.BrokenGuests];
        foreach (var guest in old.Guests) Break(user.BrokenGuests, guest);
        _observer.Erased(user, offset, old.Guests);
        _observer.SessionsErased(user, offset);
    }

    /// <summary>§10: a guest joins the broken ones; of the same guest the greater generation stays.</summary>
    public static void Break(List<RefGuest> broken, RefGuest guest)
    {
        var at = broken.FindIndex(g => g.Key == guest.Key);
        if (at < 0) broken.Add(guest);
        else if (guest.Generation > broken[at].Generation) broken[at] = guest;
    }
}
