using System.Globalization;
using Streaming.Faults.Cases;

namespace Streaming.Faults.Engine;

/// <summary>Resident memory of an engine from before a fault until all shards go on again: whether it is bounded while the broker is away, and on the way back.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    /// <summary>
    /// Most growth that passes, MiB. What a broker's absence may fill is the memory for prefetched records (<see cref="Settings"/>), twice where a client that was given up is still there beside the next one.
    /// The other half is for the runtime, which collects when it likes.
    /// </summary>
    public const double MostGrowthMiB = 4 * QueueMiB;

    private const int QueueMiB = 16;
    private const double MiB = 1024 * 1024;

    // Under load for as long, an engine has compiled what it needs and has been around its collections.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(25), Judged = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _file;
    private readonly Task _looking;
    private double _mostMiB, _beforeMiB;

    private MemoryWatch(EngineProcess engine)
    {
        _file = $"/proc/{engine.Id}/statm";
        _looking = LookAsync(engine);
    }

    /// <summary>Settings of an engine whose growth is judged by <see cref="MostGrowthMiB"/>.</summary>
    public static string[] Settings { get; } = ["--set", $"Kafka:QueueKiBPerNode={QueueMiB * 1024}"];

    /// <summary>Environment of an engine whose managed heap may take so many MiB at most: it ends where it needs more. Without a limit the runtime lets garbage lie, and resident memory says little of what is held.</summary>
    public static IReadOnlyDictionary<string, string> Limit(int managedMiB) => new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = (managedMiB * 1024L * 1024).ToString("x", CultureInfo.InvariantCulture) };

    /// <summary>Most since the start, or since the last <see cref="SettleAsync"/>, MiB.</summary>
    public double MostMiB => Volatile.Read(ref _mostMiB);

    /// <summary>Most since the start, or since the last time that this was asked, MiB.</summary>
    public double TakeMost() => Interlocked.Exchange(ref _mostMiB, 0);

    /// <summary>Begins.</summary>
    public static MemoryWatch Start(EngineProcess engine) => new(engine);

    /// <summary>Lets the engine work until its memory is what it is under load; the most of the last seconds is what later growth is measured by.</summary>
    /// <returns>It, MiB.</returns>
    public async Task<double> SettleAsync(CancellationToken cancellation)
    {
        await Task.Delay(Settle - Judged, cancellation);
        Volatile.Write(ref _mostMiB, 0);
        await Task.Delay(Judged, cancellation);
        return _beforeMiB = MostMiB;
    }

    /// <summary>Takes the most since the last <see cref="TakeMost"/> for what later growth is measured by, in place of <see cref="SettleAsync"/>.</summary>
    public void TakeForBefore() => _beforeMiB = TakeMost();

    /// <summary>Keeps what was seen since the engine had settled, and fails the case where it is too much.</summary>
    public void Judge(CaseRun run)
    {
        run.Figures["resident memory under load before the fault, MiB"] = Math.Round(_beforeMiB, 1);
        run.Figures["greatest growth of it from then on, MiB"] = Math.Round(MostMiB - _beforeMiB, 1);
        run.Log(string.Create(CultureInfo.InvariantCulture, $"resident memory: {_beforeMiB:0} MiB under load before the fault, at most {MostMiB:0} MiB from then on"));
        if (Finding(_beforeMiB, MostMiB) is { } finding) run.Fail(finding);
    }

    /// <summary>What is wrong with a growth; null where it is within its bound. Without a reading from before there is nothing to judge by, which fails.</summary>
    public static string? Finding(double beforeMiB, double mostMiB) => beforeMiB <= 0 ? "resident memory was not read before the fault"
        : mostMiB - beforeMiB > MostGrowthMiB ? string.Create(CultureInfo.InvariantCulture, $"resident memory grew from {beforeMiB:0} to {mostMiB:0} MiB, by more than {MostGrowthMiB:0}") : null;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        if (_looking.IsFaulted) await _looking; // who did not look saw no growth
    }

    private async Task LookAsync(EngineProcess engine)
    {
        for (; !engine.HasExited; await Task.Delay(Pause, _stop.Token))
        {
            try
            {
                // The second number is what is resident, in pages.
                var pages = double.Parse((await File.ReadAllTextAsync(_file, _stop.Token)).Split(' ')[1], CultureInfo.InvariantCulture);
                Volatile.Write(ref _mostMiB, Math.Max(MostMiB, pages * Environment.SystemPageSize / MiB));
            }
            catch (IOException) when (engine.HasExited)
            {
                return; // it ended between the two looks
            }
        }
    }
}
