using Streaming.Core.Score;

namespace Streaming.Onnx;

/// <summary>Counts requests by outcome.</summary>
internal static class ScoreOutcomes
{
    public static void Count(ScoreOutcome outcome) => ScoreMetrics.Requests.Add(1, new KeyValuePair<string, object?>("outcome", Name(outcome)));

    private static string Name(ScoreOutcome outcome) => outcome switch
    {
        ScoreOutcome.Scored => "scored",
        ScoreOutcome.NoModel => "no_model",
        ScoreOutcome.Shed => "shed",
        ScoreOutcome.Deadline => "deadline",
        ScoreOutcome.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
