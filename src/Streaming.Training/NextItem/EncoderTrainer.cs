namespace Streaming.Training.NextItem;

/// <summary>
/// Trains a session encoder to tell the next item from drawn ones. Each step: 1. Prefixes become vectors. 2. The step's targets and items drawn by clicks^0.5 are the columns. 3. Softmax over
/// the columns; a wrong one counts 1 / (chance that it is there), so that the sum stands for that over all items. 4. Back, and one step of Adam.
/// </summary>
internal sealed class EncoderTrainer
{
    private readonly EncoderSettings _settings;
    private readonly EncoderWeights _weights;
    private readonly EncoderGradient _gradient;
    private readonly EncoderAdam _adam;
    private readonly EncoderPass[] _passes;
    private readonly EncoderColumns _columns;
    private readonly SeededRandom _random;
    private readonly SessionLog _log;
    private readonly (int Session, int At)[] _positions;
    private readonly int[] _targets;
    private readonly float[] _sessions, _dSessions;

    /// <summary>Begins a training.</summary>
    /// <param name="log">Sessions to learn.</param>
    /// <param name="counts">Their counts.</param>
    /// <param name="settings">Settings.</param>
    /// <param name="seed">Seed of the weights and of every draw.</param>
    public EncoderTrainer(SessionLog log, ItemCounts counts, EncoderSettings settings, ulong seed)
    {
        (_log, _settings, _random) = (log, settings, new SeededRandom(seed));
        _weights = new EncoderWeights(log.ItemCount, settings, _random);
        _gradient = new EncoderGradient(_weights);
        _adam = new EncoderAdam(_weights);
        _passes = new EncoderPass[settings.Batch];
        for (var i = 0; i < _passes.Length; i++) _passes[i] = new EncoderPass(_weights);
        _columns = new EncoderColumns(_weights, counts, settings);
        _positions = Positions(log);
        _targets = new int[settings.Batch];
        _sessions = new float[settings.Batch * settings.Dimensions];
        _dSessions = new float[settings.Batch * settings.Dimensions];
    }

    /// <summary>Trains to the end.</summary>
    /// <param name="onEpoch">Told the mean loss after each pass.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it early.</param>
    public EncoderWeights Train(Action<int, double>? onEpoch, IProgress<double>? progress, CancellationToken cancellation)
    {
        var epochs = _settings.EpochsOver(_positions.Length);
        var all = (double)epochs * _positions.Length;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var loss = 0.0;
            _random.Shuffle<(int, int)>(_positions);
            for (var at = 0; at < _positions.Length; at += _settings.Batch)
            {
                cancellation.ThrowIfCancellationRequested();
                var done = ((double)epoch * _positions.Length) + at;
                loss += Step(_positions.AsSpan(at, Math.Min(_settings.Batch, _positions.Length - at)), _settings.LearningRate * (float)(1 - (0.95 * done / all)));
                progress?.Report(done / all);
            }

            onEpoch?.Invoke(epoch, loss / Math.Max(1, _positions.Length));
        }

        return _weights;
    }

    private double Step(ReadOnlySpan<(int Session, int At)> positions, float learningRate)
    {
        var (count, d) = (positions.Length, _settings.Dimensions);
        _gradient.Clear();
        for (var i = 0; i < count; i++) // 1
        {
            var session = _log[positions[i].Session];
            _targets[i] = session[positions[i].At];
            _passes[i].Forward(session[..positions[i].At], _settings.Dropout, _random, _sessions.AsSpan(i * d, d));
        }

        _columns.Draw(_targets.AsSpan(0, count), _random); // 2
        var loss = _columns.Softmax(_sessions.AsSpan(0, count * d), _targets.AsSpan(0, count), _dSessions.AsSpan(0, count * d), _gradient); // 3
        for (var i = 0; i < count; i++) _passes[i].Backward(_sessions.AsSpan(i * d, d), _dSessions.AsSpan(i * d, d), _gradient); // 4
        _adam.Step(_gradient, learningRate);
        return loss;
    }

    private static (int Session, int At)[] Positions(SessionLog log)
    {
        var positions = new List<(int Session, int At)>();
        for (var s = 0; s < log.Count; s++)
        {
            for (var at = 1; at < log[s].Length; at++) positions.Add((s, at));
        }

        return [.. positions];
    }
}
