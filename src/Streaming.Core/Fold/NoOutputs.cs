using Streaming.Core.Decode;

namespace Streaming.Core.Fold;

/// <summary>Outputs of a silent replay: they were committed already.</summary>
public sealed class NoOutputs : IFoldOutputs
{
    /// <summary>The one instance.</summary>
    public static readonly NoOutputs Instance = new();

    /// <inheritdoc/>
    public void SessionClosed(UserState user) { }
    /// <inheritdoc/>
    public void Linked(UserState guest, long offset) { }
    /// <inheritdoc/>
    public void LinkedEvent(UserState guest, in DecodedEvent e, int item) { }
    /// <inheritdoc/>
    public void Erased(UserState user, long offset) { }
    /// <inheritdoc/>
    public void GuestErased(UserState user, LinkedGuest guest, long offset) { }
}
