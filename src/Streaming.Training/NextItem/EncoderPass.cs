namespace Streaming.Training.NextItem;

/// <summary>
/// One prefix through the encoder and back. x: normalised item vectors plus vectors of their places. Attention as in STAMP (Liu et al., KDD 2018): e = v · σ(x_last Q + x K + b), softmax over
/// the prefix. Session: s = x_last + Σ a x + [x_last, Σ a x] M, so that it begins in the space of the items (CORE: Hou et al., SIGIR 2022).
/// </summary>
internal sealed class EncoderPass(EncoderWeights weights)
{
    private readonly int _d = weights.Dimensions;
    private readonly int[] _items = new int[weights.PrefixItems];
    private readonly float[] _lengths = new float[weights.PrefixItems];
    private readonly float[] _unit = new float[weights.PrefixItems * weights.Dimensions];
    private readonly float[] _masks = new float[weights.PrefixItems * weights.Dimensions];
    private readonly float[] _x = new float[weights.PrefixItems * weights.Dimensions];
    private readonly float[] _gates = new float[weights.PrefixItems * weights.Dimensions];
    private readonly float[] _attention = new float[weights.PrefixItems];
    private readonly float[] _joined = new float[2 * weights.Dimensions];
    private readonly float[] _query = new float[weights.Dimensions];
    private readonly float[] _s = new float[weights.Dimensions];
    private readonly float[] _ds = new float[weights.Dimensions];
    private readonly float[] _dJoined = new float[2 * weights.Dimensions];
    private readonly float[] _dx = new float[weights.PrefixItems * weights.Dimensions];
    private readonly float[] _dGate = new float[weights.Dimensions];
    private readonly float[] _dQuery = new float[weights.Dimensions];
    private readonly float[] _dUnit = new float[weights.Dimensions];
    private readonly float[] _dAttention = new float[weights.PrefixItems];
    private int _count;
    private float _length;

    /// <summary>Known items of the prefix that were read.</summary>
    public int Count => _count;

    /// <summary>Writes the session's vector, of length 1; all zeros where no item of the prefix is known.</summary>
    /// <param name="prefix">Items clicked, oldest first.</param>
    /// <param name="dropout">Share of coordinates left out; 0 in use.</param>
    /// <param name="random">Chooses them; null in use.</param>
    /// <param name="session">d.</param>
    public void Forward(ReadOnlySpan<int> prefix, float dropout, SeededRandom? random, Span<float> session)
    {
        Read(prefix, dropout, random);
        session.Clear();
        if (_count == 0) return;
        var dense = weights.Dense;
        weights.Bias(dense).CopyTo(_query);
        Simd.AddRowTimes(X(0), weights.Query(dense), _query);
        for (var i = 0; i < _count; i++)
        {
            var gate = _gates.AsSpan(i * _d, _d);
            _query.CopyTo(gate);
            Simd.AddRowTimes(X(i), weights.Key(dense), gate);
            for (var k = 0; k < _d; k++) gate[k] = 1 / (1 + MathF.Exp(-gate[k]));
            _attention[i] = Simd.Dot(gate, weights.ReadOut(dense));
        }

        Softmax(_attention.AsSpan(0, _count));
        X(0).CopyTo(_joined);
        var attended = _joined.AsSpan(_d);
        attended.Clear();
        for (var i = 0; i < _count; i++) Simd.Add(_attention[i], X(i), attended);
        X(0).CopyTo(_s);
        Simd.Add(1, attended, _s);
        Simd.AddRowTimes(_joined, weights.Mixing(dense), _s);
        _length = MathF.Max(1e-6f, MathF.Sqrt(Simd.Dot(_s, _s)));
        Simd.Add(1 / _length, _s, session);
    }

    /// <summary>Adds gradients of the last <see cref="Forward"/>.</summary>
    /// <param name="session">What it wrote.</param>
    /// <param name="dSession">Gradient by it.</param>
    /// <param name="gradient">Added to.</param>
    public void Backward(ReadOnlySpan<float> session, ReadOnlySpan<float> dSession, EncoderGradient gradient)
    {
        if (_count == 0) return;
        var (dense, g) = (weights.Dense, gradient.Dense);
        Unit(session, dSession, _length, _ds);
        _ds.CopyTo(_dJoined);
        _ds.CopyTo(_dJoined.AsSpan(_d));
        Simd.AddRowTimesGradient(_joined, weights.Mixing(dense), _ds, _dJoined, weights.Mixing(g));
        _dx.AsSpan(0, _count * _d).Clear();
        _dJoined.AsSpan(0, _d).CopyTo(_dx);
        var dAttended = _dJoined.AsSpan(_d);
        var mean = 0f;
        for (var i = 0; i < _count; i++)
        {
            Simd.Add(_attention[i], dAttended, Dx(i));
            _dAttention[i] = Simd.Dot(X(i), dAttended);
            mean += _attention[i] * _dAttention[i];
        }

        Array.Clear(_dQuery);
        for (var i = 0; i < _count; i++)
        {
            var dScore = _attention[i] * (_dAttention[i] - mean);
            var gate = _gates.AsSpan(i * _d, _d);
            var readOut = weights.ReadOut(dense);
            Simd.Add(dScore, gate, weights.ReadOut(g));
            for (var k = 0; k < _d; k++) _dGate[k] = dScore * readOut[k] * gate[k] * (1 - gate[k]);
            Simd.AddRowTimesGradient(X(i), weights.Key(dense), _dGate, Dx(i), weights.Key(g));
            Simd.Add(1, _dGate, _dQuery);
        }

        Simd.Add(1, _dQuery, weights.Bias(g));
        Simd.AddRowTimesGradient(X(0), weights.Query(dense), _dQuery, Dx(0), weights.Query(g));
        for (var i = 0; i < _count; i++)
        {
            var dx = Dx(i);
            Simd.Add(1, dx, weights.Place(g, i));
            for (var k = 0; k < _d; k++) dx[k] *= _masks[(i * _d) + k];
            Unit(_unit.AsSpan(i * _d, _d), dx, _lengths[i], _dUnit);
            Simd.Add(1, _dUnit, gradient.Item(_items[i]));
        }
    }

    /// <summary>Gradient by v from the one by u = v / |v|.</summary>
    public static void Unit(ReadOnlySpan<float> u, ReadOnlySpan<float> du, float length, Span<float> dv)
    {
        var along = Simd.Dot(u, du);
        for (var k = 0; k < u.Length; k++) dv[k] = (du[k] - (along * u[k])) / length;
    }

    private Span<float> X(int i) => _x.AsSpan(i * _d, _d);

    private Span<float> Dx(int i) => _dx.AsSpan(i * _d, _d);

    private void Read(ReadOnlySpan<int> prefix, float dropout, SeededRandom? random)
    {
        _count = 0;
        for (var at = prefix.Length - 1; at >= 0 && _count < _items.Length; at--)
        {
            if ((long)prefix[at] * _d >= weights.Items.Length) continue;
            var item = weights.Item(prefix[at]);
            var unit = _unit.AsSpan(_count * _d, _d);
            var mask = _masks.AsSpan(_count * _d, _d);
            _items[_count] = prefix[at];
            _lengths[_count] = MathF.Max(1e-6f, MathF.Sqrt(Simd.Dot(item, item)));
            unit.Clear();
            Simd.Add(1 / _lengths[_count], item, unit);
            if (random is null) mask.Fill(1);
            else Mask(mask, dropout, random);
            var x = X(_count);
            var place = weights.Place(weights.Dense, _count);
            for (var k = 0; k < _d; k++) x[k] = (unit[k] * mask[k]) + place[k];
            _count++;
        }
    }

    // 32 coordinates from one draw would be too coarse; four of 16 bits are enough.
    private static void Mask(Span<float> mask, float dropout, SeededRandom random)
    {
        var (keep, limit) = (1 / (1 - dropout), (uint)(dropout * 65536));
        for (var k = 0; k < mask.Length; k += 4)
        {
            var bits = random.Next();
            for (var j = 0; j < 4; j++, bits >>= 16) mask[k + j] = (bits & 0xffff) < limit ? 0 : keep;
        }
    }

    private static void Softmax(Span<float> values)
    {
        var (most, sum) = (float.NegativeInfinity, 0f);
        foreach (var value in values) most = MathF.Max(most, value);
        foreach (ref var value in values) sum += value = MathF.Exp(value - most);
        foreach (ref var value in values) value /= sum;
    }
}
