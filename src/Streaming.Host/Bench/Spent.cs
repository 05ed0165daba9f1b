using System.Diagnostics;

namespace Streaming.Host.Bench;

/// <summary>Time that something took.</summary>
/// <param name="Seconds">On the clock.</param>
/// <param name="ProcessorSeconds">Of processor, all threads of the process.</param>
internal readonly record struct Spent(double Seconds, double ProcessorSeconds)
{
    /// <summary>Both together.</summary>
    public static Spent operator +(Spent a, Spent b) => new(a.Seconds + b.Seconds, a.ProcessorSeconds + b.ProcessorSeconds);

    /// <summary>What it took.</summary>
    public static async Task<Spent> OnAsync(Func<Task> work)
    {
        var (started, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await work();
        return new Spent(Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    /// <summary>Of one of so many, µs.</summary>
    public CostOfOne Of(long count) => count == 0 ? default : new CostOfOne(Seconds * 1e6 / count, ProcessorSeconds * 1e6 / count);
}
