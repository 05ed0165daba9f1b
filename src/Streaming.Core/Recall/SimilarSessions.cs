using Streaming.Core.Items;

namespace Streaming.Core.Recall;

/// <summary>
/// Sessions that share items with one in progress, and the most similar among them. Scratch of one thread: one open-addressed table, an entry of sixteen bytes a session, so that the second and
/// later items of a session cost one look. Similarities are positive floats, whose bits are in their order: the k-th is counted out by the upper bits, and only sessions alike in those are compared.
/// </summary>
internal sealed class SimilarSessions
{
    /// <summary>Sign, exponent and five bits of the fraction: 32 steps a power of two.</summary>
    private const int BucketShift = 18, Buckets = 1 << (31 - BucketShift);
    private const int FirstSlots = 4096;
    private readonly int[] _ofBucket = new int[Buckets];
    private Entry[] _table = new Entry[FirstSlots];
    private int[] _touched = new int[FirstSlots / 2];
    private int[] _heap = [];
    private int _count, _stamp;

    /// <summary>Sessions that share an item.</summary>
    public int Count => _count;

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _count = 0;
        if (++_stamp != int.MaxValue) return;
        Array.Clear(_table);
        _stamp = 1;
    }

    /// <summary>Adds an item of the session in progress: each of its sessions is that much more similar.</summary>
    /// <param name="store">Sessions.</param>
    /// <param name="places">Places of the item's sessions, oldest first.</param>
    /// <param name="similarity">Above 0.</param>
    /// <param name="position">Which item; rises from call to call.</param>
    public void Add(SessionNeighbours store, ReadOnlySpan<int> places, float similarity, int position)
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

            store.AskForEnd(place);
            entry = new Entry { Stamp = _stamp, Place = place, Similarity = similarity, Position = position };
            _touched[_count++] = slot;
        }
    }

    /// <summary>Multiplies each similarity by the session's own weight.</summary>
    public void Weigh(SessionNeighbours store, NeighbourWeights weights, long nowMs)
    {
        foreach (var slot in _touched.AsSpan(0, _count))
        {
            ref var entry = ref _table[slot];
            var (endMs, clicks) = store.EndAndClicks(entry.Place);
            entry.Similarity *= weights.OfSession(nowMs - endMs, clicks);
        }
    }

    /// <summary>Keeps the k most similar; of equally similar ones the newer. In the order of first touch: by latest shared item, then oldest first, the same wherever the sessions are stored.</summary>
    /// <param name="store">Sessions.</param>
    /// <param name="k">How many.</param>
    /// <returns>How many are kept; see <see cref="Kept"/>.</returns>
    public int KeepNearest(SessionNeighbours store, int k)
    {
        if (_count <= k) return _count;
        var least = BucketOf(k, out var room);
        var last = LastOf(store, least, room);
        var kept = 0;
        for (var i = 0; i < _count && kept < k; i++)
        {
            ref readonly var entry = ref _table[_touched[i]];
            var bucket = Bucket(entry.Similarity);
            if (bucket < least || (bucket == least && last >= 0 && IsNearer(store, last, _touched[i]))) continue;
            _touched[kept++] = _touched[i];
        }

        return kept;
    }

    /// <summary>The i-th kept: place, similarity, and position of the latest item it shares.</summary>
    public (int Place, float Similarity, int Position) Kept(int i)
    {
        ref readonly var entry = ref _table[_touched[i]];
        return (entry.Place, entry.Similarity, entry.Position);
    }

    private static int Bucket(float similarity) => (int)(BitConverter.SingleToUInt32Bits(similarity) >> BucketShift);

    // The bucket from which on they are kept, and for how many of it there is room.
    private int BucketOf(int k, out int room)
    {
        Array.Clear(_ofBucket);
        var highest = 0;
        foreach (var slot in _touched.AsSpan(0, _count))
        {
            var bucket = Bucket(_table[slot].Similarity);
            _ofBucket[bucket]++;
            highest = Math.Max(highest, bucket);
        }

        room = k;
        for (var bucket = highest; ; bucket--)
        {
            if (_ofBucket[bucket] >= room) return bucket;
            room -= _ofBucket[bucket];
        }
    }

    // Slot of the last session of a bucket that still has room; -1: all have. Sessions of an item come oldest first, so that from the end most are behind what is held already.
    private int LastOf(SessionNeighbours store, int bucket, int room)
    {
        if (_ofBucket[bucket] == room) return -1;
        if (_heap.Length < room) _heap = new int[Math.Max(room, 256)];
        var count = 0;
        for (var i = _count - 1; i >= 0; i--)
        {
            var slot = _touched[i];
            if (Bucket(_table[slot].Similarity) != bucket) continue;
            if (count < room)
            {
                _heap[count] = slot;
                Up(store, count++);
            }
            else if (IsNearer(store, slot, _heap[0]))
            {
                _heap[0] = slot;
                Down(store, count);
            }
        }

        return _heap[0];
    }

    private bool IsNearer(SessionNeighbours store, int left, int right)
    {
        ref readonly var a = ref _table[left];
        ref readonly var b = ref _table[right];
        return a.Similarity != b.Similarity ? a.Similarity > b.Similarity : store.IsNewer(a.Place, b.Place);
    }

    private void Up(SessionNeighbours store, int i)
    {
        while (i > 0)
        {
            var parent = (i - 1) / 2;
            if (!IsNearer(store, _heap[parent], _heap[i])) return;
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
            if (child + 1 < count && IsNearer(store, _heap[child], _heap[child + 1])) child++;
            if (!IsNearer(store, _heap[i], _heap[child])) return;
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
        public float Similarity;
        public int Position;
    }
}
