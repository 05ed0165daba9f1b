using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>
/// Outputs of a replay. Those of committed batches went out already, except for users who were parked then: theirs are kept, a buffer a user, until the batch that
/// unparks them emits them.
/// </summary>
internal sealed class ParkedOutputs(Func<OutputBuffer, BatchOutputs> writerFor) : IFoldOutputs
{
    private readonly Dictionary<UserKey, (OutputBuffer Buffer, BatchOutputs Writer)> _parked = [];

    /// <summary>Users parked and not unparked, with what they still owe.</summary>
    public IEnumerable<(UserKey Key, OutputBuffer Owed)> Owing => _parked.Select(p => (p.Key, p.Value.Buffer));

    /// <summary>From here on the user's outputs are owed.</summary>
    public void Park(UserKey key)
    {
        if (_parked.ContainsKey(key)) return;
        var buffer = new OutputBuffer();
        _parked.Add(key, (buffer, writerFor(buffer)));
    }

    /// <summary>The user's outputs went out with the batch that unparked it.</summary>
    public void Unpark(UserKey key) => _parked.Remove(key);

    /// <inheritdoc/>
    public void SessionClosed(UserState user)
    {
        if (_parked.TryGetValue(user.Key, out var p)) p.Writer.SessionClosed(user);
    }

    /// <inheritdoc/>
    public void Linked(UserState guest, long offset)
    {
        if (_parked.TryGetValue(guest.Key, out var p)) p.Writer.Linked(guest, offset);
    }

    /// <inheritdoc/>
    public void LinkedEvent(UserState guest, in DecodedEvent e, int item)
    {
        if (_parked.TryGetValue(guest.Key, out var p)) p.Writer.LinkedEvent(guest, e, item);
    }

    /// <inheritdoc/>
    public void GuestErased(UserState user, LinkedGuest guest, long offset)
    {
        if (_parked.TryGetValue(user.Key, out var p)) p.Writer.GuestErased(user, guest, offset);
    }
}
