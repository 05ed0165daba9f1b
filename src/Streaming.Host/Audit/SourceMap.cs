namespace Streaming.Host.Audit;

/// <summary>What became of each position of a partition of <c>events</c>, and where stream time stood at each batch's end.</summary>
internal sealed class SourceMap
{
    private readonly List<Position> _positions = [];
    private readonly List<long> _batchEndsMs = [];
    private readonly List<string> _users = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>Adds the next position of the batch at work.</summary>
    public void Add(long offset, string? user, SourceFate fate) => _positions.Add(new Position(offset, user is null ? -1 : Number(user), fate, _batchEndsMs.Count));

    /// <summary>Ends the batch at work.</summary>
    public void EndBatch(long streamTimeMs) => _batchEndsMs.Add(streamTimeMs);

    /// <summary>What became of a position; null where no batch consumed a record there.</summary>
    public (string? User, SourceFate Fate, long Batch)? Find(long offset)
    {
        int low = 0, high = _positions.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var position = _positions[middle];
            if (position.Offset == offset) return (position.User < 0 ? null : _users[position.User], position.Fate, position.Batch + 1);
            if (position.Offset < offset) low = middle + 1;
            else high = middle - 1;
        }

        return null;
    }

    /// <summary>Stream time at the end of a batch, counted from 1; at the end of the last one where it is not there yet.</summary>
    public long EndOf(long batch) => _batchEndsMs[(int)Math.Min(batch, _batchEndsMs.Count) - 1];

    private int Number(string user)
    {
        if (_numbers.TryGetValue(user, out var number)) return number;
        _numbers.Add(user, _users.Count);
        _users.Add(user);
        return _users.Count - 1;
    }

    private readonly record struct Position(long Offset, int User, SourceFate Fate, int Batch);
}

/// <summary>What became of an input position.</summary>
internal enum SourceFate : byte
{
    /// <summary>In the profile.</summary>
    Applied,
    /// <summary>Its event id was there already.</summary>
    Duplicate,
    /// <summary>In <c>dead-letters</c>.</summary>
    DeadLetter,
    /// <summary>It emptied the profile.</summary>
    Erase,
    /// <summary>The reference cannot read it, and it is no dead letter.</summary>
    Unreadable,
}
