using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Score;
using Streaming.Onnx;

namespace Streaming.Host.Bench;

/// <summary>
/// Stage Score beside the bare model, turn by turn, so that a busy machine slows both: callers as many as shards ask the engine's own service, each again as soon as it has its scores; then
/// <c>InferenceSession.Run</c> over as many rows with the same batch size, one thread, its buffers bound once. Both on the processor.
/// </summary>
public sealed class ScoreBench(ScoreBenchOptions options)
{
    private const int Turns = 20, WarmUps = 2;
    private const float MaxDifference = 1e-3f;

    /// <summary>Runs it.</summary>
    /// <exception cref="ModelRefusedException">The folder's model was refused, or scores of stage and bare model differ.</exception>
    public async Task<ScoreBenchResult> RunAsync(CancellationToken cancellation)
    {
        using var rows = new RankerRows(options.Seed, cancellation);
        var settings = new OnnxScorerOptions
        {
            ModelFolder = Path.GetFullPath(options.ModelFolder), ExecutionProvider = ExecutionProvider.Cpu, MaxBatchRows = options.BatchRows,
            MaxQueuedRows = Math.Max(options.BatchRows, Math.Max(65_536, options.Callers * options.RequestRows)),
        };
        await using var service = ScoringService.Start(settings, NullLoggerFactory.Instance, TimeProvider.System);
        var model = service.Scorer.ModelVersion ?? throw new ModelRefusedException(service.Status.LastRefusal ?? $"{settings.ModelFolder} has no model");
        var features = new float[options.BatchRows * RankerFeatures.Count];
        rows.CopyTo(features, 0);
        using var bare = new BareRanker(settings.ModelFolder, features, options.BatchRows);
        await CompareAsync(service.Scorer, bare, features, cancellation);
        return await MeasureAsync(service.Scorer, bare, rows, cancellation) with { Model = model };
    }

    private async Task<ScoreBenchResult> MeasureAsync(IScorer scorer, BareRanker bare, RankerRows rows, CancellationToken cancellation)
    {
        var callers = Enumerable.Range(0, options.Callers).Select(c => new ScoreCaller(scorer, rows, c, options.RequestRows)).ToArray();
        var requests = Math.Max(1, (int)(options.Rows / ((long)Turns * options.Callers * options.RequestRows)));
        var rowsOfTurn = (long)requests * options.Callers * options.RequestRows;
        var (stageRates, bareRates) = (new double[Turns], new double[Turns]);
        var (stageSeconds, before) = (0.0, default((long Runs, long Rows, double Seconds)));
        using var runs = new ScoreRuns();
        for (var turn = -WarmUps; turn < Turns; turn++)
        {
            if (turn == 0)
            {
                foreach (var caller in callers) caller.Forget();
                (stageSeconds, before) = (0, runs.Read());
            }

            var stage = await StageAsync(callers, requests, cancellation);
            stageSeconds += stage;
            var bareRate = BareRate(bare, rowsOfTurn, cancellation);
            if (turn >= 0) (stageRates[turn], bareRates[turn]) = (rowsOfTurn / stage, bareRate);
        }

        var after = runs.Read();
        var seconds = after.Seconds - before.Seconds;
        return new ScoreBenchResult("", rowsOfTurn * Turns, options.BatchRows, Percentiles.Of(stageRates).P50, Percentiles.Of(bareRates).P50, Percentiles.Of([.. callers.SelectMany(c => c.Milliseconds)]),
            (double)(after.Rows - before.Rows) / (after.Runs - before.Runs), seconds / stageSeconds, seconds * 1e6 / (after.Rows - before.Rows), rows.FillMicrosecondsPerRow);
    }

    private static async Task<double> StageAsync(ScoreCaller[] callers, int requests, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(callers.Select(caller => Task.Run(() => caller.AskAsync(requests, cancellation), cancellation)));
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private double BareRate(BareRanker bare, long rows, CancellationToken cancellation)
    {
        var runs = (rows + options.BatchRows - 1) / options.BatchRows;
        var began = Stopwatch.GetTimestamp();
        for (var i = 0L; i < runs; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            bare.Run();
        }

        return runs * options.BatchRows / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    // Only the same scores make two rates comparable.
    private async Task CompareAsync(IScorer scorer, BareRanker bare, float[] features, CancellationToken cancellation)
    {
        var request = new ScoreRequest { Deadline = ScoreCaller.Patience };
        request.Resize(options.BatchRows);
        features.CopyTo(request.Features);
        await ScoreCaller.RequireScoredAsync(scorer, request, cancellation);
        bare.Run();
        for (var i = 0; i < options.BatchRows; i++)
        {
            var (ours, theirs) = (request.Scores.Span[i], bare.Scores[i]);
            if (!(Math.Abs(ours - theirs) <= MaxDifference * Math.Max(1, Math.Abs(theirs)))) throw new ModelRefusedException($"row {i} has score {ours} from the stage and {theirs} from the bare model");
        }
    }
}
