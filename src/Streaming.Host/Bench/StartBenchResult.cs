namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench start</c>; the keys are fixed.</summary>
/// <param name="Runs">Starts of each kind.</param>
/// <param name="StartSeconds">From exec of <c>streaming run</c> to /health/ready, empty store, topics there; median.</param>
/// <param name="StartProcessorSeconds">Processor time of the process until then, median.</param>
/// <param name="FirstStartSeconds">The same on a broker without the engine's topics, which the node creates; median.</param>
/// <param name="VersionSeconds">From exec of <c>streaming --version</c> to its end, median of the same run: what a .NET program of this size takes to start and do nothing.</param>
/// <param name="PublishedBytes">Bytes of the folder that the program runs from.</param>
public sealed record StartBenchResult(int Runs, double StartSeconds, double StartProcessorSeconds, double FirstStartSeconds, double VersionSeconds, long PublishedBytes)
{
    /// <summary>The start as a multiple of the floor.</summary>
    public double Ratio => StartSeconds / VersionSeconds;
}
