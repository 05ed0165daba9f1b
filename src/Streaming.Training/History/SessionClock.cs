using Streaming.Core.Fold;

namespace Streaming.Training.History;

/// <summary>Ends sessions by stream time: at most one entry a user, looked at again when it comes up, because the session may have gone on.</summary>
internal sealed class SessionClock(FoldSettings settings, IFoldOutputs outputs)
{
    private readonly PriorityQueue<UserState, (long DueMs, long Order)> _due = new();
    private long _order;

    /// <summary>Ends every session that is due at or before a time.</summary>
    public void Advance(long nowMs)
    {
        while (_due.TryPeek(out var user, out var at) && at.DueMs <= nowMs)
        {
            _due.Dequeue();
            user.IndexedSessionDueMs = 0;
            var due = SessionFold.DueMs(user, settings);
            if (due <= nowMs) SessionFold.Close(user, outputs);
            else Watch(user);
        }
    }

    /// <summary>Sees to the end of a user's open session.</summary>
    public void Watch(UserState user)
    {
        if (user.IndexedSessionDueMs != 0 || user.Session.EventCount == 0) return;
        user.IndexedSessionDueMs = SessionFold.DueMs(user, settings);
        _due.Enqueue(user, (user.IndexedSessionDueMs, _order++));
    }
}
