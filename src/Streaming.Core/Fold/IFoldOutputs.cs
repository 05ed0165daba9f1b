using Streaming.Core.Decode;

namespace Streaming.Core.Fold;

/// <summary>What Fold says on its way. Live, these become records of the batch's transaction; in a silent replay they go nowhere.</summary>
public interface IFoldOutputs
{
    /// <summary>A session closes; its actions are still in the state.</summary>
    void SessionClosed(UserState user);

    /// <summary>A guest was linked: everything it did goes to the known user.</summary>
    void Linked(UserState guest, long offset);

    /// <summary>An event of a linked guest: it alone goes to the known user.</summary>
    void LinkedEvent(UserState guest, in DecodedEvent e, int item);

    /// <summary>A profile was erased: what was derived from it elsewhere must go too.</summary>
    void Erased(UserState user, long offset);

    /// <summary>A user with guests was erased: each guest's shard must erase too.</summary>
    void GuestErased(UserState user, LinkedGuest guest, long offset);
}
