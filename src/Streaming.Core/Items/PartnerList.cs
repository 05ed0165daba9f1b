namespace Streaming.Core.Items;

/// <summary>
/// The heaviest partners of one item under one action pair, Space-Saving (Metwally et al., 2005) over forward-decayed weights: a new partner of a full list takes
/// the lightest one's place and inherits its weight as its possible error, so weight − error never overstates.
/// </summary>
internal sealed class PartnerList
{
    private float[] _weights = new float[4];
    private float[] _errors = new float[4];
    private int[] _partners = new int[4];
    private ushort[] _support = new ushort[4];
    private ushort[] _lastUser = new ushort[4];

    /// <summary>Partners in use.</summary>
    public int Count { get; private set; }

    /// <summary>Item numbers.</summary>
    public ReadOnlySpan<int> Partners => _partners.AsSpan(0, Count);

    /// <summary>Weight that is certain, in forward form.</summary>
    public float Certain(int i) => Math.Max(0, _weights[i] - _errors[i]);

    /// <summary>Users in a row that differed: 1 means one user alone, however often.</summary>
    public int Support(int i) => _support[i];

    /// <summary>Counts a pair.</summary>
    /// <param name="partner">The second item.</param>
    /// <param name="weight">Forward-decayed weight.</param>
    /// <param name="userHash">Whose session it was.</param>
    /// <param name="max">Bound of the list.</param>
    /// <param name="items">For the tie rule among the lightest.</param>
    public void Add(int partner, float weight, ulong userHash, int max, ItemDictionary items)
    {
        var user = (ushort)(userHash ^ (userHash >> 16) ^ (userHash >> 32) ^ (userHash >> 48));
        var i = Partners.IndexOf(partner);
        if (i >= 0)
        {
            _weights[i] += weight;
            if (_lastUser[i] == user) return;
            _lastUser[i] = user;
            if (_support[i] < ushort.MaxValue) _support[i]++;
            return;
        }

        var error = 0f;
        if (Count < max)
        {
            if (Count == _partners.Length) Grow(Math.Min(max, Count * 2));
            i = Count++;
        }
        else
        {
            i = Lightest(items);
            error = _weights[i];
        }

        Set(i, partner, error + weight, error, 1, user);
    }

    /// <summary>Multiplies every weight.</summary>
    public void Scale(float factor)
    {
        for (var i = 0; i < Count; i++)
        {
            _weights[i] *= factor;
            _errors[i] *= factor;
        }
    }

    /// <summary>Appends a stored entry.</summary>
    public void Restore(int partner, float weight, float error, ushort support, ushort lastUser)
    {
        if (Count == _partners.Length) Grow(Count * 2);
        Set(Count++, partner, weight, error, support, lastUser);
    }

    /// <summary>One entry as stored.</summary>
    public (float Weight, float Error, ushort Support, ushort LastUser) Stored(int i) => (_weights[i], _errors[i], _support[i], _lastUser[i]);

    private void Set(int i, int partner, float weight, float error, ushort support, ushort lastUser)
    {
        _partners[i] = partner;
        _weights[i] = weight;
        _errors[i] = error;
        _support[i] = support;
        _lastUser[i] = lastUser;
    }

    private int Lightest(ItemDictionary items)
    {
        var lightest = 0;
        for (var i = 1; i < Count; i++)
        {
            if (_weights[i] < _weights[lightest] || (_weights[i] == _weights[lightest] && items.Compare(_partners[i], _partners[lightest]) > 0)) lightest = i;
        }

        return lightest;
    }

    private void Grow(int size)
    {
        Array.Resize(ref _partners, size);
        Array.Resize(ref _weights, size);
        Array.Resize(ref _errors, size);
        Array.Resize(ref _support, size);
        Array.Resize(ref _lastUser, size);
    }
}
