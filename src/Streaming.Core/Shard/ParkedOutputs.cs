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

    private readonly Dictionary<UserKey, (OutputBuffer Buffer, BatchOutputs Writer)> _provisional = [];
    private bool _isDeferred;

    /// <summary>
    /// Starts a batch whose park facts are noted. Where it deferred its due entries, a session that ends in the replay did not end in the live batch if its user was absent; and if that user is parked before
    /// the store is back, its record is owed too.
    /// </summary>
    public void BeginBatch(bool isDeferred)
    {
        _isDeferred = isDeferred;
        if (!isDeferred) _provisional.Clear();
    }

    /// <summary>Users parked and not unparked, with what they still owe.</summary>
    public IEnumerable<(UserKey Key, OutputBuffer Owed)> Owing => _parked.Select(p => (p.Key, p.Value.Buffer));

    /// <summary>From here on the user's outputs are owed.</summary>
    public void Park(UserKey key)
    {
        if (_parked.ContainsKey(key)) return;
        _parked.Add(key, _provisional.Remove(key, out var owed) ? owed : New());
    }

    /// <summary>The user's outputs went out with the batch that unparked it.</summary>
    public void Unpark(UserKey key) => _parked.Remove(key);

    /// <inheritdoc/>
    public void SessionClosed(UserState user)
    {
        if (!_parked.TryGetValue(user.Key, out var p))
        {
            if (!_isDeferred) return;
            if (!_provisional.TryGetValue(user.Key, out p)) _provisional.Add(user.Key, p = New());
        }

        p.Writer.SessionClosed(user);
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

    private (OutputBuffer Buffer, BatchOutputs Writer) New()
    {
        var buffer = new OutputBuffer();
        return (buffer, writerFor(buffer));
    }
}
