using System.Threading.Tasks.Sources;
using Streaming.Core.Score;

namespace Streaming.Onnx;

/// <summary>
/// One request on its way, reused. It ends exactly once: by the scoring thread, by its deadline, or by the caller's cancellation, whoever takes the gate
/// first; after that the caller's buffers are not touched. Two owners, the caller and the queue, let go of it before it is used again.
/// </summary>
internal sealed class PendingScore : IValueTaskSource<ScoreOutcome>, IDisposable
{
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private readonly TimeProvider _time;
    private readonly Action<PendingScore> _free;
    private ManualResetValueTaskSourceCore<ScoreOutcome> _result = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private ScoreRequest? _request;
    private long _deadline;
    private int _owners;

    public PendingScore(TimeProvider time, Action<PendingScore> free)
    {
        _time = time;
        _free = free;
        _timer = time.CreateTimer(static state => ((PendingScore)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Rows of the request.</summary>
    public int Rows { get; private set; }

    /// <summary>Timestamp of <see cref="Begin"/>.</summary>
    public long Since { get; private set; }

    /// <summary>Place in the batch; the scoring thread's own.</summary>
    public int At { get; set; }

    /// <summary>Starts a request.</summary>
    public ValueTask<ScoreOutcome> Begin(ScoreRequest request, CancellationToken cancellation)
    {
        var deadline = request.Deadline < LongestDeadline ? request.Deadline : LongestDeadline;
        lock (_gate)
        {
            _result.Reset();
            _owners = 2;
            _request = request;
            Rows = request.Rows;
            Since = _time.GetTimestamp();
            _deadline = Since + (long)(deadline.TotalSeconds * _time.TimestampFrequency);
        }

        _timer.Change(deadline, Timeout.InfiniteTimeSpan);
        if (cancellation.CanBeCanceled) _cancellation = cancellation.UnsafeRegister(static (state, token) => ((PendingScore)state!).Cancel(token), this);
        return new ValueTask<ScoreOutcome>(this, _result.Version);
    }

    /// <summary>Copies rows of features into a batch.</summary>
    /// <returns>False where the request has ended already.</returns>
    public bool TryCopyIn(int from, int rows, Span<float> features, ref int nonFinite)
    {
        lock (_gate)
        {
            if (_request is null) return false;
            nonFinite += FeatureRows.CopyIn(_request.Features.Span.Slice(from * RankerFeatures.Count, rows * RankerFeatures.Count), features);
            return true;
        }
    }

    /// <summary>Copies scores back, with the name of the model that made them.</summary>
    /// <returns>False where the request has ended already.</returns>
    public bool TryCopyOut(int from, ReadOnlySpan<float> scores, string model, ref int nonFinite)
    {
        lock (_gate)
        {
            if (_request is null) return false;
            _request.ModelVersion = model;
            nonFinite += FeatureRows.CopyOut(scores, _request.Scores.Span.Slice(from, scores.Length));
            return true;
        }
    }

    /// <summary>Ends the request.</summary>
    /// <returns>False where it has ended already.</returns>
    public bool TryEnd(ScoreOutcome outcome)
    {
        if (!TryClose()) return false;
        _result.SetResult(outcome);
        return true;
    }

    /// <summary>One owner lets go.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _owners) == 0) _free(this);
    }

    public ScoreOutcome GetResult(short token)
    {
        try
        {
            return _result.GetResult(token);
        }
        finally
        {
            _cancellation.Dispose(); // waits for a callback under way, so none can hit the next use
            _cancellation = default;
            Release();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _result.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _result.OnCompleted(continuation, state, token, flags);

    public void Dispose() => _timer.Dispose();

    private bool TryClose()
    {
        lock (_gate)
        {
            if (_request is null) return false;
            _request = null;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    /// <summary>A tick may belong to an earlier use, or come a moment early: only the clock decides.</summary>
    private void OnTimer()
    {
        lock (_gate)
        {
            if (_request is null) return;
            var left = _deadline - _time.GetTimestamp();
            if (left > 0)
            {
                _timer.Change(TimeSpan.FromSeconds(Math.Max(0.001, (double)left / _time.TimestampFrequency)), Timeout.InfiniteTimeSpan);
                return;
            }
        }

        if (TryEnd(ScoreOutcome.Deadline)) ScoreOutcomes.Count(ScoreOutcome.Deadline);
    }

    private void Cancel(CancellationToken token)
    {
        if (TryClose()) _result.SetException(new OperationCanceledException(token));
    }
}
