using System.Text;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Emit;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Core.Tests.Snapshot;

namespace Streaming.Core.Tests.Fold;

/// <summary>A few profiles, what they said, and the deltas and erasures between them that are under way. Those that left lie in <see cref="Packed"/> or, where it let go of them, in their rows.</summary>
internal sealed class Population(ShardState shard) : IFoldOutputs, IDisposable
{
    private readonly Dictionary<UserKey, UserState> _resident = [];
    private readonly Dictionary<UserKey, byte[]> _rows = [];
    private readonly SortedSet<UserKey> _keys = [];
    private readonly Queue<(UserKey? Erased, byte[] Delta)> _underWay = new();
    private readonly OutputWriter _writer = new(shard.Items, 0);
    private readonly UserRowCodec _codec = new(shard.Items);

    /// <summary>Where profiles go that leave memory; null: to their rows alone.</summary>
    public CompactUsers? Packed { get; init; }

    /// <summary>Records, in order.</summary>
    public List<string> Said { get; } = [];

    /// <summary>Everybody.</summary>
    public UserKey[] Keys => [.. _keys];

    /// <summary>A profile, taken back into memory where it left.</summary>
    public UserState Of(UserKey key)
    {
        if (_resident.TryGetValue(key, out var user)) return user;
        user = Packed?.Take(key) ?? (_rows.TryGetValue(key, out var row) ? _codec.Decode(row, key) : null);
        if (user is null)
        {
            user = new UserState(key);
            EraseFold.Start(user, shard);
            _keys.Add(key);
        }

        _resident.Add(key, user);
        return user;
    }

    /// <summary>A profile leaves memory.</summary>
    public void Leave(UserKey key)
    {
        if (!_resident.Remove(key, out var user)) return;
        var row = new RowWriter();
        _codec.Encode(user, row);
        _rows[key] = row.Written.ToArray();
        Packed?.Put(user);
    }

    /// <summary>Folds an event.</summary>
    public void Apply(UserKey key, in DecodedEvent e, int item, UserKey? linked) => UserFold.Apply(Of(key), e, item, linked, shard, this);

    /// <summary>Ends the sessions that are due.</summary>
    public void EndSessions(long atMs)
    {
        foreach (var key in Keys)
        {
            var user = Of(key);
            if (SessionFold.DueMs(user, shard.Settings) <= atMs) SessionFold.Close(user, this);
        }
    }

    /// <summary>Folds some of the deltas and erasures that are under way.</summary>
    public void Receive(int count, int step, long atMs)
    {
        for (; count > 0 && _underWay.TryDequeue(out var next); count--)
        {
            if (next.Erased is { } guest) Apply(guest, new DecodedEvent { Type = EventType.Erase, Offset = step, OccurredAtMs = atMs, AppendedAtMs = atMs }, -1, null);
            else if (LinkJson.Read(next.Delta) is { } delta) LinkFold.Apply(Of(UserKey.User(delta.UserId)), delta, step, shard, this);
        }
    }

    /// <summary>A profile's row, and the profile with what the row leaves out, at its next touch: below a newer base nobody may count on the vectors before.</summary>
    public string Text(UserKey key)
    {
        var user = Of(key);
        var row = new RowWriter();
        _codec.Encode(user, row);
        BringUpToDate.Apply(user, shard);
        InterestFold.Derive(user, shard);
        return $"{Convert.ToHexString(row.Written)}\n{UserText.Of(user, shard.Items)}";
    }

    /// <inheritdoc/>
    public void SessionClosed(UserState user) => Say(_writer.ClosedSession(user));

    /// <inheritdoc/>
    public void Linked(UserState guest, long offset) => _underWay.Enqueue((null, Say(_writer.Link(guest, offset))));

    /// <inheritdoc/>
    public void LinkedEvent(UserState guest, in DecodedEvent e, int item) => _underWay.Enqueue((null, Say(_writer.LinkEvent(guest, e, item))));

    /// <inheritdoc/>
    public void Erased(UserState user, long offset) => Say(_writer.SessionsErased(user.Key, offset, user.ErasedAtMs));

    /// <inheritdoc/>
    public void GuestErased(UserState user, LinkedGuest guest, long offset) => _underWay.Enqueue((guest.Key, Say(_writer.GuestErase(guest.Key, user.Key, offset, 0))));

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private byte[] Say(ReadOnlySpan<byte> record)
    {
        Said.Add(Encoding.UTF8.GetString(record));
        return record.ToArray();
    }
}
