using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Items;

namespace Streaming.Training.History;

/// <summary>Collects the sessions that Fold closes, as the <c>sessions</c> topic would carry them.</summary>
internal sealed class SessionSink(ItemDictionary items) : IFoldOutputs
{
    /// <summary>Sessions closed since the list was last emptied.</summary>
    public List<ClosedSession> Closed { get; } = [];

    public void SessionClosed(UserState user)
    {
        var session = user.Session;
        var actions = new SessionAction[session.ActionCount];
        for (var i = 0; i < actions.Length; i++)
        {
            ref readonly var action = ref session.Actions![i];
            actions[i] = new SessionAction(items.Text(action.Item), action.Type.WireName(), action.AtMs);
        }

        Closed.Add(new ClosedSession { SessionId = $"0-{session.OpenedAt}", UserHash = user.Key.Hash, StartMs = session.StartMs, EndMs = session.LastMs, Actions = actions });
    }

    public void Linked(UserState guest, long offset) { }

    public void LinkedEvent(UserState guest, in DecodedEvent e, int item) { }

    public void Erased(UserState user, long offset) { }

    public void GuestErased(UserState user, LinkedGuest guest, long offset) { }
}
