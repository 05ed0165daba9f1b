using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Streaming.Core.Score;

namespace Streaming.Onnx;

/// <summary>
/// Stage Score: one service a node. The way of a request: 1 the caller's rows wait in a bounded queue; 2 one thread joins what waits into one run;
/// 3 rows are copied into the model's buffers, values that are not finite as 0; 4 the model runs; 5 scores are copied back, those that are not finite as NaN.
/// A request ends at its deadline at the latest, one that comes while a run hangs is shed, and no failure of a model ends the service. Models are swapped between runs.
/// </summary>
public sealed class OnnxScorer : IScorer, IDisposable
{
    private const int PoolSize = 256;
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(2);

    private readonly OnnxScorerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ScoreQueue _queue;
    private readonly Stack<PendingScore> _pool = new();
    private readonly List<PendingScore> _batch = [];
    private readonly Thread _thread;
    private readonly IDisposable _published;
    private LoadedModel? _model; // the scoring thread's own
    private LoadedModel? _next;
    private int _failedInARow; // the scoring thread's own
    private long _busySince; // timestamp of the batch under way; 0 where none is
    private volatile ModelStatus _status;
    private volatile string? _version;
    private bool _disposed;

    /// <summary>Starts the scoring thread, without a model.</summary>
    /// <param name="options">Settings, already validated.</param>
    /// <param name="time">Clock of waits and deadlines.</param>
    /// <param name="logger">Failures of runs.</param>
    public OnnxScorer(OnnxScorerOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Validate().ToArray() is { Length: > 0 } errors) throw new ArgumentException(string.Join("; ", errors), nameof(options));
        SessionFactory.Require(options.ExecutionProvider);
        _options = options;
        _time = time;
        _logger = logger;
        _queue = new ScoreQueue(options, time);
        _status = new ModelStatus { Requested = options.ExecutionProvider };
        _published = ScoreMetrics.Publish(() => _status);
        _thread = new Thread(Work) { IsBackground = true, Name = "streaming-score" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public string? ModelVersion => _version;

    /// <summary>Model in force, provider in use, last refusal.</summary>
    public ModelStatus Status => _status;

    /// <summary>Called from the scoring thread, once a model, where its runs on a GPU fail one after the other and auto may leave the GPU; must not block.</summary>
    internal Action<LoadedModel>? GpuFailed { get; set; }

    /// <summary>Hands a loaded model over; it serves from the next run on, and the one before it is freed.</summary>
    /// <param name="model">The model; the scorer's from now on.</param>
    /// <param name="providerNote">Why it runs where it runs, in place of the model's own note.</param>
    public void Use(LoadedModel model, string? providerNote = null)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        _status = new ModelStatus
        {
            Requested = _options.ExecutionProvider, Provider = model.Provider, ProviderNote = providerNote ?? model.ProviderNote, IntraOpThreads = _options.IntraOpThreads,
            Name = model.Manifest.Name, Version = model.Manifest.Version, Sha256 = model.Manifest.Sha256, LoadedAt = _time.GetUtcNow(),
        };
        _version = model.Version;
        Interlocked.Exchange(ref _next, model)?.Dispose();
        _queue.Knock();
    }

    /// <summary>Notes that a model was refused; the one in force stays.</summary>
    public void Refused(string reason) => _status = _status with { LastRefusal = reason, LastRefusalAt = _time.GetUtcNow() };

    /// <inheritdoc/>
    public ValueTask<ScoreOutcome> ScoreAsync(ScoreRequest request, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return ValueTask.FromCanceled<ScoreOutcome>(cancellation);
        if (request.Rows == 0) return new(ScoreOutcome.Scored);
        if (_version is null) return Ended(ScoreOutcome.NoModel);
        if (request.Deadline <= TimeSpan.Zero) return Ended(ScoreOutcome.Deadline);
        if (IsStuck(request.Deadline)) return Ended(ScoreOutcome.Shed);
        var pending = Rent();
        var result = pending.Begin(request, cancellation);
        if (_queue.TryAdd(pending)) return result;
        if (pending.TryEnd(ScoreOutcome.Shed)) ScoreOutcomes.Count(ScoreOutcome.Shed);
        pending.Release();
        return result;
    }

    /// <summary>Stops taking requests, scores what waits, frees everything native.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        _version = null;
        _queue.Close();
        if (!_thread.Join(DrainPatience))
        {
            Volatile.Read(ref _model)?.Stop(); // a run that does not end must not hold the process
            _thread.Join();
        }

        _published.Dispose();
        Interlocked.Exchange(ref _next, null)?.Dispose();
        _model?.Dispose();
        lock (_pool)
        {
            while (_pool.TryPop(out var pending)) pending.Dispose();
        }
    }

    private static ValueTask<ScoreOutcome> Ended(ScoreOutcome outcome)
    {
        ScoreOutcomes.Count(outcome);
        return new(outcome);
    }

    private void Work()
    {
        while (_queue.Take(_batch)) // 1, 2
        {
            if (Interlocked.Exchange(ref _next, null) is { } next)
            {
                _model?.Dispose();
                Volatile.Write(ref _model, next);
                _failedInARow = 0;
            }

            if (_batch.Count > 0) ScoreBatch();
            foreach (var pending in _batch) pending.Release();
            _batch.Clear();
        }
    }

    // A run that has lasted longer than a caller would wait (a hung device, a model out of hand): more requests would only wait for nothing.
    private bool IsStuck(TimeSpan patience) => Volatile.Read(ref _busySince) is var since and not 0 && _time.GetElapsedTime(since) > patience;

    private void ScoreBatch()
    {
        Volatile.Write(ref _busySince, _time.GetTimestamp());
        if (_model is null) EndAll(ScoreOutcome.NoModel);
        else if (_batch[0].Rows > _model.MaxRows) ScoreSlices(_model, _batch[0]); // the queue never joins others to a request this large
        else ScoreJoined(_model);
        Volatile.Write(ref _busySince, 0);
    }

    private void ScoreJoined(LoadedModel model)
    {
        int rows = 0, requests = 0, nonFiniteIn = 0, nonFiniteOut = 0;
        foreach (var pending in _batch) // 3
        {
            pending.At = pending.TryCopyIn(0, pending.Rows, model.Features[(rows * RankerFeatures.Count)..], ref nonFiniteIn) ? rows : -1;
            if (pending.At < 0) continue;
            rows += pending.Rows;
            requests++;
        }

        if (rows == 0) return;
        ScoreMetrics.BatchRequests.Record(requests);
        if (!TryRun(model, rows)) // 4
        {
            EndAll(ScoreOutcome.Failed);
            return;
        }

        foreach (var pending in _batch) // 5
        {
            if (pending.At >= 0 && pending.TryCopyOut(0, model.Scores.Slice(pending.At, pending.Rows), model.Version, ref nonFiniteOut)) End(pending, ScoreOutcome.Scored);
        }

        CountNonFinite(nonFiniteIn, nonFiniteOut);
    }

    private void ScoreSlices(LoadedModel model, PendingScore pending)
    {
        int nonFiniteIn = 0, nonFiniteOut = 0;
        for (var from = 0; from < pending.Rows; from += model.MaxRows)
        {
            var rows = Math.Min(model.MaxRows, pending.Rows - from);
            if (!pending.TryCopyIn(from, rows, model.Features, ref nonFiniteIn)) return;
            if (!TryRun(model, rows))
            {
                End(pending, ScoreOutcome.Failed);
                return;
            }

            if (!pending.TryCopyOut(from, model.Scores[..rows], model.Version, ref nonFiniteOut)) return;
        }

        End(pending, ScoreOutcome.Scored);
        CountNonFinite(nonFiniteIn, nonFiniteOut);
    }

    private bool TryRun(LoadedModel model, int rows)
    {
        var started = _time.GetTimestamp();
        try
        {
            model.Run(rows);
            ScoreMetrics.RunSeconds.Record(_time.GetElapsedTime(started).TotalSeconds);
            ScoreMetrics.BatchRows.Record(rows);
            _failedInARow = 0;
            return true;
        }
        catch (OnnxRuntimeException e)
        {
            ScoreMetrics.RunFailures.Add(1);
            OnnxLog.RunFailed(_logger, model.Version, rows, e);
            // A device that is lost, or out of memory, fails every run. Asked for by name, it is what the operator wants or nothing.
            if (++_failedInARow == _options.MaxFailedRuns && model.Provider != ExecutionProvider.Cpu && _options.ExecutionProvider == ExecutionProvider.Auto) GpuFailed?.Invoke(model);
            return false;
        }
    }

    private void EndAll(ScoreOutcome outcome)
    {
        foreach (var pending in _batch) End(pending, outcome);
    }

    private static void End(PendingScore pending, ScoreOutcome outcome)
    {
        if (pending.TryEnd(outcome)) ScoreOutcomes.Count(outcome);
    }

    private static void CountNonFinite(int inputs, int outputs)
    {
        if (inputs > 0) ScoreMetrics.NonFiniteInputs.Add(inputs);
        if (outputs > 0) ScoreMetrics.NonFiniteOutputs.Add(outputs);
    }

    private PendingScore Rent()
    {
        lock (_pool)
        {
            if (_pool.TryPop(out var pending)) return pending;
        }

        return new PendingScore(_time, Return);
    }

    private void Return(PendingScore pending)
    {
        lock (_pool)
        {
            if (_pool.Count < PoolSize && !_disposed)
            {
                _pool.Push(pending);
                return;
            }
        }

        pending.Dispose();
    }
}
