using System.Text;
using Streaming.Contracts;
using Streaming.Core.Fold;

namespace Streaming.Host.Audit.Reference;

/// <summary>docs/fold.md §5: open sessions and when they end.</summary>
internal sealed class RefSessions(Action<RefProfile, RefSession> closed)
{
    private readonly SortedSet<(long DueMs, string Key)> _due = new(Comparer<(long DueMs, string Key)>.Create(InOrder));
    private readonly Dictionary<string, (long DueMs, RefProfile User)> _dueOf = [];

    /// <summary>All session ends due at or before T, by (due time, key).</summary>
    public void EndDue(long t)
    {
        while (_due.Count > 0 && _due.Min is var (due, key) && due <= t)
        {
            Close(_dueOf[key].User);
        }
    }

    /// <summary>Forgets an open session without a record (erase).</summary>
    public void Drop(RefProfile user)
    {
        user.Session = null;
        Unschedule(user);
    }

    /// <summary>§5, on an event.</summary>
    public void OnEvent(RefProfile user, RefEvent e, long t, RefSettings settings)
    {
        if (user.Session is { Id: not null } open && e.SessionId is not null && open.Id != e.SessionId) Close(user);
        var session = user.Session;
        if (session is null)
        {
            user.Session = session = new RefSession { Id = e.SessionId, OpenedAt = e.Offset, StartMs = t, LastMs = t };
        }
        else
        {
            session.LastMs = Math.Max(session.LastMs, t);
            session.Id ??= e.SessionId;
        }

        session.EventCount++;
        var isKept = e.Type is EventType.View or EventType.Click or EventType.AddToCart or EventType.RemoveFromCart or EventType.Wishlist or EventType.Purchase;
        if (isKept && e.Item is not null && session.Actions.Count < settings.Options.MaxSessionActions) session.Actions.Add(new RefAction(e.Item, e.Type, 0, t));
        Schedule(user, session.LastMs + RefSettings.Ms(settings.Options.SessionGap));
    }

    /// <summary>§5, after a delta or another event: the profile may have other settings now.</summary>
    public void OnTouched(RefProfile user)
    {
        if (user.Session is { } session) Schedule(user, session.LastMs + RefSettings.Ms(user.Settings.Options.SessionGap));
    }

    private void Close(RefProfile user)
    {
        var session = user.Session!;
        Drop(user);
        if (user.Allows(ConsentFlags.Measure) && session.Actions.Count > 0) closed(user, session);
    }

    private void Schedule(RefProfile user, long dueMs)
    {
        Unschedule(user);
        _due.Add((dueMs, user.Key));
        _dueOf[user.Key] = (dueMs, user);
    }

    private void Unschedule(RefProfile user)
    {
        if (_dueOf.Remove(user.Key, out var entry)) _due.Remove((entry.DueMs, user.Key));
    }

    private static int InOrder((long DueMs, string Key) left, (long DueMs, string Key) right) =>
        left.DueMs != right.DueMs ? left.DueMs.CompareTo(right.DueMs) : Encoding.UTF8.GetBytes(left.Key).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right.Key));
}
