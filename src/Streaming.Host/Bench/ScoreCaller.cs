using System.Diagnostics;
using Streaming.Core.Errors;
using Streaming.Core.Score;

namespace Streaming.Host.Bench;

/// <summary>One caller of stage Score, as a shard is one: a request at a time, its buffers its own. Features stay as they are, since a shard fills them outside the stage.</summary>
internal sealed class ScoreCaller
{
    /// <summary>Long enough that a busy machine does not end a request before its scores.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IScorer _scorer;
    private readonly ScoreRequest _request = new() { Deadline = Patience };
    private readonly List<double> _milliseconds = [];

    public ScoreCaller(IScorer scorer, RankerRows rows, int number, int requestRows)
    {
        _scorer = scorer;
        _request.Resize(requestRows);
        rows.CopyTo(_request.Features.Span, number);
    }

    /// <summary>Time of each request.</summary>
    public IReadOnlyList<double> Milliseconds => _milliseconds;

    /// <summary>Forgets the times measured until now.</summary>
    public void Forget() => _milliseconds.Clear();

    /// <summary>Asks so many times, one after another.</summary>
    public async Task AskAsync(int times, CancellationToken cancellation)
    {
        for (var i = 0; i < times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await RequireScoredAsync(_scorer, _request, cancellation);
            _milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    /// <summary>Asks once; anything but scores ends the benchmark.</summary>
    public static async Task RequireScoredAsync(IScorer scorer, ScoreRequest request, CancellationToken cancellation)
    {
        var outcome = await scorer.ScoreAsync(request, cancellation);
        if (outcome != ScoreOutcome.Scored) throw new ModelRefusedException($"a request of {request.Rows} rows ended as {outcome}");
    }
}
