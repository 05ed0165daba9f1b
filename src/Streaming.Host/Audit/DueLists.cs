using Streaming.Host.Audit.Reference;

namespace Streaming.Host.Audit;

/// <summary>
/// The lists that should be in <c>recommendations</c> where nothing debounces them: one for each user whose events a batch applied, for the last of them; of a user who was held back, for the last event
/// held back, with the batch that let it go. An erasure is answered by none.
/// </summary>
internal sealed class DueLists
{
    private const long None = -1;
    private readonly Dictionary<string, long> _batch = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _heldBack = new(StringComparer.Ordinal);
    private readonly List<Due> _due = [];
    private int _batches;
    private bool _isSorted;

    /// <summary>An event of the batch at work was applied.</summary>
    public void Applied(string user, long offset) => _batch[user] = offset;

    /// <summary>The user was erased in the batch at work.</summary>
    public void Erased(string user) => _batch[user] = None;

    /// <summary>Ends the batch at work, whose facts are applied.</summary>
    public void EndBatch(RefFacts facts)
    {
        foreach (var (user, offset) in _batch)
        {
            _heldBack.Remove(user);
            if (offset == None) continue;
            if (facts.IsParked(user)) _heldBack.Add(user, offset);
            else _due.Add(new Due(offset, _batches));
        }

        foreach (var (user, offset) in _heldBack.Where(held => !facts.IsParked(held.Key)).ToArray())
        {
            _heldBack.Remove(user);
            _due.Add(new Due(offset, _batches));
        }

        _batch.Clear();
        _batches++;
        _isSorted = false;
    }

    /// <summary>A list for the event at an offset is there: the batch, counted from 0, that wrote it; null where none is due for that event.</summary>
    public int? Meet(long offset)
    {
        Sort();
        var place = _due.BinarySearch(new Due(offset, 0));
        if (place < 0) return null;
        _due[place] = _due[place] with { IsMet = true };
        return _due[place].Batch;
    }

    /// <summary>Offsets of the events whose list is not there, in order.</summary>
    public IEnumerable<long> Missing()
    {
        Sort();
        return _due.Where(due => !due.IsMet).Select(due => due.Offset);
    }

    private void Sort()
    {
        if (!_isSorted) _due.Sort();
        _isSorted = true;
    }

    private readonly record struct Due(long Offset, int Batch, bool IsMet = false) : IComparable<Due>
    {
        public int CompareTo(Due other) => Offset.CompareTo(other.Offset);
    }
}
