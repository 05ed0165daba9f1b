using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>
/// Outputs of a replay. Those of committed batches went out already, except for users who were parked then: theirs are kept, a buffer a user, until the batch that
/// unparks them emits them. And except for sessions that ended in the replay of a batch which had to defer its due entries: unless the batch says that the record went out, its user was absent then, and
/// the record came with the next batch that could read them, or is owed still.
/// </summary>
internal sealed class ParkedOutputs(Func<OutputBuffer, BatchOutputs> writerFor) : IFoldOutputs
{
    private readonly Dictionary<UserKey, (OutputBuffer Buffer, BatchOutputs Writer)> _parked = [];

    private readonly Dictionary<UserKey, (OutputBuffer Buffer, BatchOutputs Writer)> _provisional = [];
    private readonly Dictionary<UserKey, Touched> _last = [];
    private HashSet<UserKey> _ended = [];
    private bool _isDeferred;

    /// <summary>Starts a batch whose park facts are noted.</summary>
    /// <param name="isDeferred">It deferred its due entries.</param>
    /// <param name="ended">Users whose session record went out with it.</param>
    public void BeginBatch(bool isDeferred, HashSet<UserKey> ended)
    {
        (_isDeferred, _ended) = (isDeferred, ended);
        if (!isDeferred) _provisional.Clear();
        foreach (var key in ended) _provisional.Remove(key);
    }

    /// <summary>What is owed: by users parked and not unparked, and of sessions that ended while due entries were deferred.</summary>
    public IEnumerable<OwedOutputs> Owing =>
        _parked.Select(p => new OwedOutputs(p.Key, p.Value.Buffer, _last.TryGetValue(p.Key, out var last) ? last : null, FactTypes.Unpark))
            .Concat(_provisional.Select(p => new OwedOutputs(p.Key, p.Value.Buffer, null, FactTypes.Ended)));

    /// <summary>From here on the user's outputs are owed.</summary>
    public void Park(UserKey key)
    {
        if (_parked.ContainsKey(key)) return;
        _parked.Add(key, _provisional.Remove(key, out var owed) ? owed : New());
    }

    /// <summary>The user's outputs went out with the batch that unparked it.</summary>
    public void Unpark(UserKey key)
    {
        _parked.Remove(key);
        _last.Remove(key);
    }

    /// <summary>A batch was replayed: parked users whom its events touched owe a recommendation for the last of them, unless that was their erase: a link that comes later starts them anew, but is no event to answer.</summary>
    public void Touched(IReadOnlyList<Touched> touched)
    {
        if (_parked.Count == 0) return;
        foreach (var t in touched)
        {
            if (t.User.IsErased) _last.Remove(t.User.Key);
            else if (_parked.ContainsKey(t.User.Key)) _last[t.User.Key] = t;
        }
    }

    /// <inheritdoc/>
    public void SessionClosed(UserState user)
    {
        if (!_parked.TryGetValue(user.Key, out var p))
        {
            if (!_isDeferred || _ended.Contains(user.Key)) return;
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
    public void Erased(UserState user, long offset)
    {
        if (_parked.TryGetValue(user.Key, out var p)) p.Writer.Erased(user, offset);
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
