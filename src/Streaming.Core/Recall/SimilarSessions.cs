using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>
/// Sessions that share items with one in progress, and the most similar among them. Similarity is counted in whole numbers: an item at position p of L adds L − p. Scratch of one thread: one
/// open-addressed table, an entry of sixteen bytes a session, so that the second and later items of a session cost one look.
/// </summary>
internal sealed class SimilarSessions
{
    private const int FirstSlots = 4096;
    private Entry[] _table = new Entry[FirstSlots];
    private int[] _touched = new int[FirstSlots / 2];
    private int[] _ofSimilarity = [];
    private int[] _heap = [];
    private int _count, _stamp;

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _count = 0;
        if (++_stamp != int.MaxValue) return;
        Array.Clear(_table);
        _stamp = 1;
    }

    /// <summary>Adds an item of the session in progress: each of its sessions is that much more similar.</summary>
    /// <param name="places">Places of the item's sessions, oldest first.</param>
    /// <param name="similarity">L − p.</param>
    /// <param name="position">p; rises from call to call.</param>
    public void Add(ReadOnlySpan<int> places, int similarity, int position)
    {
        if (_count + places.Length > _touched.Length) Grow(_count + places.Length);
        var table = _table;
        var mask = table.Length - 1;
        foreach (var place in places)
        {
            var slot = Home(place, mask);
            while (table[slot].Stamp == _stamp && table[slot].Place != place) slot = (slot + 1) & mask;
            ref var entry = ref table[slot];
            if (entry.Stamp == _stamp)
            {
                entry.Similarity += similarity;
                continue;
            }

            entry = new Entry { Stamp = _stamp, Place = place, Similarity = similarity, Position = position };
            _touched[_count++] = slot;
        }
    }

    /// <summary>Keeps the k most similar; of equally similar ones the newer. In the order of first touch: by latest shared item, then oldest first, the same wherever the sessions are stored.</summary>
    /// <param name="store">Sessions.</param>
    /// <param name="k">How many.</param>
    /// <param name="greatest">Greatest similarity that there can be.</param>
    /// <returns>How many are kept; see <see cref="Kept"/>.</returns>
    public int KeepNearest(SessionNeighbours store, int k, int greatest)
    {
        if (_count <= k) return _count;
        var least = LeastOf(k, greatest, out var room);
        var newest = NewestOf(store, least, room);
        var kept = 0;
        for (var i = 0; i < _count && kept < k; i++)
        {
            ref readonly var entry = ref _table[_touched[i]];
            if (entry.Similarity < least || (entry.Similarity == least && newest >= 0 && store.IsNewer(newest, entry.Place))) continue;
            _touched[kept++] = _touched[i];
        }

        return kept;
    }

    /// <summary>The i-th kept: place, similarity, and position of the latest item it shares.</summary>
    public (int Place, int Similarity, int Position) Kept(int i)
    {
        ref readonly var entry = ref _table[_touched[i]];
        return (entry.Place, entry.Similarity, entry.Position);
    }

    // The similarity from which they are kept, and how many of just that.
    private int LeastOf(int k, int greatest, out int room)
    {
        if (_ofSimilarity.Length <= greatest) _ofSimilarity = new int[greatest + 1];
        var counts = _ofSimilarity.AsSpan(0, greatest + 1);
        counts.Clear();
        foreach (var slot in _touched.AsSpan(0, _count)) counts[_table[slot].Similarity]++;
        room = k;
        for (var similarity = greatest; ; similarity--)
        {
            if (counts[similarity] >= room) return similarity;
            room -= counts[similarity];
        }
    }

    // Of those that are just similar enough the oldest that still has room; -1: all have. Sessions of an item come oldest first, so that from the end most are older than what is held already.
    private int NewestOf(SessionNeighbours store, int similarity, int room)
    {
        if (_ofSimilarity[similarity] == room) return -1;
        if (_heap.Length < room) _heap = new int[room];
        var count = 0;
        for (var i = _count - 1; i >= 0; i--)
        {
            ref readonly var entry = ref _table[_touched[i]];
            if (entry.Similarity != similarity) continue;
            if (count < room)
            {
                _heap[count] = entry.Place;
                Up(store, count++);
            }
            else if (store.IsNewer(entry.Place, _heap[0]))
            {
                _heap[0] = entry.Place;
                Down(store, count);
            }
        }

        return _heap[0];
    }

    private void Up(SessionNeighbours store, int i)
    {
        while (i > 0)
        {
            var parent = (i - 1) / 2;
            if (!store.IsNewer(_heap[parent], _heap[i])) return;
            (_heap[i], _heap[parent]) = (_heap[parent], _heap[i]);
            i = parent;
        }
    }

    private void Down(SessionNeighbours store, int count)
    {
        for (var i = 0; ;)
        {
            var child = (2 * i) + 1;
            if (child >= count) return;
            if (child + 1 < count && store.IsNewer(_heap[child], _heap[child + 1])) child++;
            if (!store.IsNewer(_heap[i], _heap[child])) return;
            (_heap[i], _heap[child]) = (_heap[child], _heap[i]);
            i = child;
        }
    }

    private void Grow(int count)
    {
        var size = _table.Length;
        while (size / 2 < count) size *= 2;
        var old = _table;
        _table = new Entry[size];
        Array.Resize(ref _touched, size / 2);
        for (var i = 0; i < _count; i++)
        {
            var entry = old[_touched[i]];
            var slot = Home(entry.Place, size - 1);
            while (_table[slot].Stamp == _stamp) slot = (slot + 1) & (size - 1);
            _table[slot] = entry;
            _touched[i] = slot;
        }
    }

    private static int Home(int place, int mask) => (int)((uint)place * 2654435769u >> 7) & mask;

    private struct Entry
    {
        public int Stamp;
        public int Place;
        public int Similarity;
        public int Position;
    }
}
