namespace Streaming.Training.NextItem;

/// <summary>Similarities of the sessions that share an item with the prefix; reused.</summary>
/// <param name="sessionCount">Sessions.</param>
internal sealed class NearestSessions(int sessionCount)
{
    private readonly float[] _similarity = new float[sessionCount];
    private readonly int[] _sharedPlace = new int[sessionCount];
    private int[] _touched = new int[1024];

    /// <summary>Sessions touched, or after <see cref="KeepNearest"/> kept.</summary>
    public ReadOnlySpan<int> Sessions => _touched.AsSpan(0, _count);

    private int _count, _all;

    /// <summary>Similarity of a session, and the place in it of the shared item that was added first.</summary>
    public (float Similarity, int SharedPlace) this[int session] => (_similarity[session], _sharedPlace[session]);

    /// <summary>Adds the sessions of one item of the prefix; the latest item comes first.</summary>
    public void Add(ReadOnlySpan<int> sessions, ReadOnlySpan<int> places, float weight)
    {
        if (_touched.Length < _count + sessions.Length) Array.Resize(ref _touched, Math.Max(_touched.Length * 2, _count + sessions.Length));
        for (var i = 0; i < sessions.Length; i++)
        {
            var session = sessions[i];
            if (_similarity[session] == 0)
            {
                _touched[_count++] = session;
                _sharedPlace[session] = places[i];
            }

            _similarity[session] += weight;
        }

        _all = _count;
    }

    /// <summary>Changes a similarity.</summary>
    public void Scale(int session, float factor) => _similarity[session] *= factor;

    /// <summary>Keeps the k most similar, of equally similar ones the newest, and puts them newest first, so that sums over them have one order.</summary>
    public void KeepNearest(int k)
    {
        if (_count > k)
        {
            Select(k);
            _count = k;
        }

        _touched.AsSpan(0, _count).Sort(static (a, b) => b.CompareTo(a));
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        foreach (var session in _touched.AsSpan(0, _all)) _similarity[session] = 0;
        _count = _all = 0;
    }

    private bool IsNearer(int left, int right) => _similarity[left] != _similarity[right] ? _similarity[left] > _similarity[right] : left > right;

    // Hoare's selection: the k nearest in front, in no order. Sessions differ, so that no two are equal.
    private void Select(int k)
    {
        var (low, high) = (0, _count - 1);
        while (low < high)
        {
            var pivot = _touched[(low + high) >> 1];
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (IsNearer(_touched[i], pivot)) i++;
                while (IsNearer(pivot, _touched[j])) j--;
                if (i > j) break;
                (_touched[i], _touched[j]) = (_touched[j], _touched[i]);
                i++;
                j--;
            }

            if (k - 1 <= j) high = j;
            else if (k - 1 >= i) low = i;
            else return;
        }
    }
}
