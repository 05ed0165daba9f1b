using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Streaming.Training.NextItem;

/// <summary>The items that one step of the training tells apart.</summary>
internal sealed class EncoderColumns
{
    private readonly EncoderWeights _weights;
    private readonly EncoderSettings _settings;
    private readonly double[] _cumulative;
    private readonly float[] _share;
    private readonly float[] _targetShare;
    private readonly int[] _columnOf;
    private readonly List<int> _items = [];
    private readonly float[] _units, _unitsByCoordinate, _dUnits, _lengths, _lnWeights, _products;
    private readonly float[] _dItem;
    private int _columns;

    public EncoderColumns(EncoderWeights weights, ItemCounts counts, EncoderSettings settings)
    {
        (_weights, _settings) = (weights, settings);
        var n = counts.Clicks.Length;
        var clicks = Math.Max(1.0, counts.Clicks.Sum(c => (double)c));
        (_cumulative, _share, _targetShare, _columnOf) = (new double[n], new float[n], new float[n], new int[n]);
        var sum = 0.0;
        for (var i = 0; i < n; i++) _cumulative[i] = sum += Math.Sqrt(counts.Clicks[i]);
        for (var i = 0; i < n; i++)
        {
            _share[i] = (float)(Math.Sqrt(counts.Clicks[i]) / Math.Max(1, sum));
            _targetShare[i] = (float)(counts.Clicks[i] / clicks);
            _columnOf[i] = -1;
        }

        var most = Padded(settings.Negatives + settings.Batch);
        (_units, _unitsByCoordinate, _dUnits) = (new float[most * weights.Dimensions], new float[most * weights.Dimensions], new float[most * weights.Dimensions]);
        (_lengths, _lnWeights, _products, _dItem) = (new float[most], new float[most], new float[most * settings.Batch], new float[weights.Dimensions]);
    }

    /// <summary>Chooses the columns: the targets and items drawn.</summary>
    public void Draw(ReadOnlySpan<int> targets, SeededRandom random)
    {
        foreach (var item in _items) _columnOf[item] = -1;
        _items.Clear();
        foreach (var target in targets) Take(target);
        for (var i = 0; i < _settings.Negatives; i++)
        {
            var at = Array.BinarySearch(_cumulative, random.Uniform() * _cumulative[^1]);
            Take(Math.Min(at < 0 ? ~at : at + 1, _cumulative.Length - 1));
        }

        _columns = Padded(_items.Count);
        var d = _weights.Dimensions;
        _units.AsSpan(0, _columns * d).Clear();
        for (var c = 0; c < _items.Count; c++)
        {
            var item = _weights.Item(_items[c]);
            _lengths[c] = MathF.Max(1e-6f, MathF.Sqrt(Simd.Dot(item, item)));
            Simd.Add(1 / _lengths[c], item, _units.AsSpan(c * d, d));
            var expected = (targets.Length * _targetShare[_items[c]]) + (_settings.Negatives * _share[_items[c]]);
            _lnWeights[c] = -MathF.Log(MathF.Max(1e-6f, 1 - MathF.Exp(-expected)));
        }

        for (var c = 0; c < _columns; c++)
        {
            for (var k = 0; k < d; k++) _unitsByCoordinate[(k * _columns) + c] = _units[(c * d) + k];
        }
    }

    /// <summary>Loss of the step, summed over its positions; gradients of their mean.</summary>
    public double Softmax(ReadOnlySpan<float> sessions, ReadOnlySpan<int> targets, Span<float> dSessions, EncoderGradient gradient)
    {
        var (count, d) = (targets.Length, _weights.Dimensions);
        var products = _products.AsSpan(0, count * _columns);
        products.Clear();
        Simd.AddProduct(sessions, d, 1, _unitsByCoordinate, products, count, _columns, d);
        var loss = 0.0;
        for (var i = 0; i < count; i++) loss += Row(products.Slice(i * _columns, _columns), _columnOf[targets[i]], _settings.Scale / count);
        dSessions.Clear();
        Simd.AddProduct(products, _columns, 1, _units, dSessions, count, d, _columns);
        var dUnits = _dUnits.AsSpan(0, _columns * d);
        dUnits.Clear();
        Simd.AddProduct(products, 1, _columns, sessions, dUnits, _columns, d, count);
        for (var c = 0; c < _items.Count; c++)
        {
            EncoderPass.Unit(_units.AsSpan(c * d, d), dUnits.Slice(c * d, d), _lengths[c], _dItem);
            Simd.Add(1, _dItem, gradient.Item(_items[c]));
        }

        return loss;
    }

    // Cosines become gradients by cosine, times a factor. Cosines are bounded, so that no exponential can overflow.
    private float Row(Span<float> row, int target, float factor)
    {
        ref var r0 = ref MemoryMarshal.GetReference(row);
        ref var w0 = ref MemoryMarshal.GetReference(_lnWeights.AsSpan());
        var own = MathF.Exp(_settings.Scale * row[target]);
        var sums = Vector512<float>.Zero;
        for (nuint i = 0; i < (nuint)_columns; i += Simd.Width)
        {
            var e = Vector512.Exp((Vector512.LoadUnsafe(ref r0, i) * _settings.Scale) + Vector512.LoadUnsafe(ref w0, i));
            e.StoreUnsafe(ref r0, i);
            sums += e;
        }

        // What pads the columns, and the target as a wrong answer, are no part of the sum.
        var sum = own - row[target];
        for (var i = 0; i < Simd.Width; i++) sum += sums[i];
        for (var c = _items.Count; c < _columns; c++)
        {
            sum -= row[c];
            row[c] = 0;
        }

        row[target] = own;
        sum = MathF.Max(sum, own);
        var scale = Vector512.Create(factor / sum);
        for (nuint i = 0; i < (nuint)_columns; i += Simd.Width) (Vector512.LoadUnsafe(ref r0, i) * scale).StoreUnsafe(ref r0, i);
        row[target] -= factor;
        return MathF.Log(sum / own);
    }

    private void Take(int item)
    {
        if (_columnOf[item] >= 0) return;
        _columnOf[item] = _items.Count;
        _items.Add(item);
    }

    private static int Padded(int count) => (count + 63) / 64 * 64;
}
