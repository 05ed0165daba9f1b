using Streaming.Contracts;

namespace Streaming.Host.Audit.Reference;

/// <summary>What the reference fold says of its way, for the audit.</summary>
internal interface IRefObserver
{
    /// <summary>A profile is about to change.</summary>
    void Changing(RefProfile user);

    /// <summary>A session closed that should have a record in <c>sessions</c>.</summary>
    void SessionClosed(RefProfile user, RefSession session);

    /// <summary>A delta that should be in <c>links</c>.</summary>
    /// <param name="guest">Sender.</param>
    /// <param name="offset">Offset of the event that sent it.</param>
    /// <param name="delta">Its content; the id is left empty.</param>
    void LinkSent(RefProfile guest, long offset, LinkDelta delta);

    /// <summary>A profile was erased (given anew); for each guest an erase record should be in <c>events</c>.</summary>
    void Erased(RefProfile user, IReadOnlyList<RefGuest> guests);
}
