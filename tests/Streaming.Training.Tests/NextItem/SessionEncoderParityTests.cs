using Microsoft.ML.OnnxRuntime;
using Streaming.Core.Items;
using Streaming.Training.NextItem;

namespace Streaming.Training.Tests.NextItem;

/// <summary>The written encoder, run by ONNX Runtime, against our own pass over the same weights.</summary>
public sealed class SessionEncoderParityTests
{
    private const int Unknown = 1_000_000;
    private readonly ItemDictionary _ids = new();
    private readonly SessionLog _log;
    private readonly ItemCounts _counts;
    private readonly EncoderSettings _settings = new() { Dimensions = 32, PrefixItems = 15, Negatives = 32, Batch = 32, Epochs = 3, LeastSteps = 60 };
    private readonly EncoderWeights _weights;
    private readonly SessionEncoderOnnx _files;

    public SessionEncoderParityTests()
    {
        _log = SmallShop.Log(_ids, [.. SmallShop.Sessions(300, 1)]);
        _counts = new ItemCounts(_log);
        _weights = new EncoderTrainer(_log, _counts, _settings, 1).Train(null, null, TestContext.Current.CancellationToken);
        var random = new SeededRandom(4);
        foreach (ref var weight in _weights.Dense.AsSpan()) weight *= 1 + (float)random.Uniform(); // places and attention that matter more than after so short a training
        _files = new SessionEncoderOnnx(_weights, _ids);
    }

    [Fact]
    public void Session_live_equals_offline_to_1e5()
    {
        var prefixes = Prefixes();
        var live = Run(prefixes, out var shape);
        Assert.Equal([prefixes.Count, 32], shape);
        var (pass, offline) = (new EncoderPass(_weights), new float[32]);
        for (var row = 0; row < prefixes.Count; row++)
        {
            pass.Forward(prefixes[row], 0, null, offline);
            for (var k = 0; k < 32; k++) Assert.True(Math.Abs(offline[k] - live[(row * 32) + k]) <= 1e-5, $"[{string.Join(' ', prefixes[row])}], {k}: {offline[k]} offline, {live[(row * 32) + k]} live");
        }
    }

    [Fact]
    public void Session_of_no_known_click_is_all_zeros() => Assert.All(Run([[], [Unknown], [Unknown, Unknown]], out _), value => Assert.Equal(0, value));

    [Fact]
    public void Score_from_the_table_is_that_of_the_scorer()
    {
        var table = VectorTableBlob.Read(_files.Table, 32);
        Assert.Equal(_log.ItemCount, table.Length);
        for (var row = 0; row < table.Length; row++) Assert.Equal(table[row].ItemId, _ids.Id(_files.Order[row]).ToArray());
        var prefixes = Prefixes();
        var live = Run(prefixes, out _);
        var (scorer, offline) = (new EncoderScorer(_weights, _counts, _settings), new float[_log.ItemCount]);
        for (var p = 0; p < prefixes.Count; p += 10)
        {
            scorer.Score(prefixes[p], offline);
            for (var row = 0; row < table.Length; row++)
            {
                var session = live.AsSpan(p * 32, 32).ToArray();
                Assert.Equal(offline[_files.Order[row]], _settings.Scale * session.Zip(table[row].Vector, (a, b) => (double)a * b).Sum(), 5e-4);
            }
        }
    }

    [Fact]
    public void Rows_that_are_none_of_the_table_are_left_out()
    {
        var known = Run([[3, 4]], out _);
        foreach (long none in (long[])[-1, -7, long.MinValue, _log.ItemCount, long.MaxValue]) Assert.Equal(known, Run(Clicks([[3, 4]], none), 1, out _));
    }

    // Lengths 1 to beyond the longest that is read, each with and without items that nobody knows and with items clicked again.
    private List<int[]> Prefixes()
    {
        var random = new SeededRandom(3);
        var prefixes = new List<int[]> { new[] { 0 }, new[] { 5, 5, 5, 5 }, new[] { Unknown, 3 }, new[] { 3, Unknown }, Enumerable.Repeat(7, 15).ToArray(), Enumerable.Range(0, 40).ToArray() };
        for (var length = 1; length <= 25; length++)
        {
            for (var draw = 0; draw < 8; draw++) prefixes.Add([.. Enumerable.Range(0, length).Select(_ => draw % 2 == 1 && random.Below(5) == 0 ? Unknown : random.Below(draw < 4 ? 4 : _log.ItemCount))]);
        }

        return prefixes;
    }

    private float[] Run(List<int[]> prefixes, out long[] shape) => Run(Clicks(prefixes, -1), prefixes.Count, out shape);

    private float[] Run(long[] clicks, int count, out long[] shape)
    {
        using var session = new InferenceSession(_files.Model(_settings.Scale));
        using var input = OrtValue.CreateTensorValueFromMemory(clicks, [count, _settings.PrefixItems]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, [SessionEncoderOnnx.Input], [input], [SessionEncoderOnnx.Output]);
        shape = outputs[0].GetTensorTypeAndShape().Shape;
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    // The latest clicks first. Unknown ones stand where they were clicked if there is room; those further back, which the encoder goes on to, take their places otherwise.
    private long[] Clicks(List<int[]> prefixes, long none)
    {
        var (l, rowOf) = (_settings.PrefixItems, new Dictionary<int, int>());
        for (var row = 0; row < _files.Order.Length; row++) rowOf.Add(_files.Order[row], row);
        var clicks = new long[prefixes.Count * l];
        Array.Fill(clicks, none);
        for (var p = 0; p < prefixes.Count; p++)
        {
            int[] latest = [.. prefixes[p].Reverse()];
            if (latest.Length > l) latest = [.. latest.Where(rowOf.ContainsKey).Take(l)];
            for (var at = 0; at < latest.Length; at++) clicks[(p * l) + at] = rowOf.TryGetValue(latest[at], out var row) ? row : none;
        }

        return clicks;
    }
}
