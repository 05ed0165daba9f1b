using Streaming.Core.Score;
using Streaming.Simulation.Kernel;

namespace Streaming.Simulation.Nodes;

/// <summary>A model that answers, answers late, sheds, fails, or gives numbers that are none.</summary>
internal sealed class MoodyScorer(World world, Process process) : IScorer
{
    public string? ModelVersion => "simulated-1";

    public async ValueTask<ScoreOutcome> ScoreAsync(ScoreRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var mood = world.IsCalm ? 0 : world.Faults.Below(20);
        if (mood == 1) return ScoreOutcome.Shed;
        var deadlineUs = (long)request.Deadline.TotalMicroseconds;
        var delayUs = mood == 2 ? deadlineUs : Math.Min(deadlineUs, world.Faults.Between(100, 3_000));
        await world.BrokerWire.DelayAsync(process, Label.Score, delayUs).ConfigureAwait(false);
        if (mood is 2 or 3) return mood == 2 ? ScoreOutcome.Deadline : ScoreOutcome.Failed;
        if (mood == 4) world.Stats.NanScores++;
        for (var i = 0; i < request.Rows; i++) request.Scores.Span[i] = mood == 4 && i % 2 == 0 ? float.NaN : i;
        request.ModelVersion = ModelVersion;
        return ScoreOutcome.Scored;
    }
}
