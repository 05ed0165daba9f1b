using Streaming.Contracts;

namespace Streaming.Host.Audit.Reference;

/// <summary>What the reference fold says of its way, for the audit.</summary>
internal interface IRefObserver
{
    /// <summary>Stream time is where the event at an offset brings it; the event is not applied yet.</summary>
    void TimeCame(long offset);

    /// <summary>A session closed that should have a record in <c>sessions</c>.</summary>
    void SessionClosed(RefProfile user, RefSession session);

    /// <summary>A delta that should be in <c>links</c>.</summary>
    /// <param name="guest">Sender.</param>
    /// <param name="offset">Offset of the event that sent it.</param>
    /// <param name="delta">Its content; the id is left empty.</param>
    void LinkSent(RefProfile guest, long offset, LinkDelta delta);

    /// <summary>A profile was erased by an event; its erasure should be in <c>sessions</c>.</summary>
    /// <param name="user">The profile anew.</param>
    /// <param name="offset">Offset of the erase record.</param>
    void SessionsErased(RefProfile user, long offset);

    /// <summary>A profile was erased; for each guest an erase record should be in <c>events</c>.</summary>
    /// <param name="user">The profile anew.</param>
    /// <param name="offset">Offset of the erase record.</param>
    /// <param name="guests">Guests it had.</param>
    void Erased(RefProfile user, long offset, IReadOnlyList<RefGuest> guests);
}
