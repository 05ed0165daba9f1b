using System.Diagnostics;
using System.Globalization;
using Streaming.Faults.Cases;

namespace Streaming.Faults.Engine;

/// <summary>
/// Whether scoring goes on all the while that something is away: every shard commits in each window, the last one included, and lists are never far apart. One commit right after the begin, of what was under way, is not enough.
/// </summary>
internal sealed class OutageWatch
{
    private OutageWatch(ListWatch lists, int windows, string? finding) => (Lists, Windows, Finding) = (lists, windows, finding);

    /// <summary>Longest time without a list, or without a commit of a shard, that passes where a case says nothing else: the engine's budget for the store is 2 s, the rest is for this machine.</summary>
    public static TimeSpan LongestPause { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The lists meanwhile.</summary>
    public ListWatch Lists { get; }

    /// <summary>Windows that were judged.</summary>
    public int Windows { get; }

    /// <summary>What did not go on; null where all did.</summary>
    public string? Finding { get; }

    /// <summary>Watches from now on.</summary>
    /// <param name="run">The case.</param>
    /// <param name="engine">Its engine.</param>
    /// <param name="lead">What it takes until all that was under way has arrived; the windows follow.</param>
    /// <param name="lasts">Length of all windows together.</param>
    /// <param name="pause">Longest time without a list that passes, and the least length of a window.</param>
    /// <param name="eachSecond">Done once a second within the windows.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>What was seen, at the end or after the first window in which a shard stood.</returns>
    public static async Task<OutageWatch> WatchAsync(CaseRun run, EngineProcess engine, TimeSpan lead, TimeSpan lasts, TimeSpan pause, Func<Task>? eachSecond, CancellationToken cancellation)
    {
        var (lists, windows, finding) = (ListWatch.Start(engine), 0, (string?)null);
        await using (lists)
        {
            await Task.Delay(lead, cancellation);
            (windows, finding) = await WindowsAsync(run.Options.Partitions, lasts, WindowsIn(lasts, pause), () => ShardProgress.PositionsAsync(engine, cancellation), eachSecond, cancellation);
        }

        if (engine.HasExited) finding = string.Create(CultureInfo.InvariantCulture, $"the engine ended with {engine.ExitCode}");
        return new OutageWatch(lists, windows, finding ?? PauseIn(lists.Given, lists.LongestPauseSeconds, pause));
    }

    /// <summary>Looks at what the shards have committed, at the begin and at the end of each window.</summary>
    /// <returns>Windows that were judged, and what is wrong with the last of them.</returns>
    public static async Task<(int Windows, string? Finding)> WindowsAsync(int partitions, TimeSpan lasts, int windows, Func<Task<Dictionary<int, long>>> look, Func<Task>? eachSecond, CancellationToken cancellation)
    {
        var (clock, before) = (Stopwatch.StartNew(), await look());
        for (var window = 1; window <= windows; window++)
        {
            var (begin, end) = (clock.Elapsed, lasts * (window / (double)windows));
            while (end - clock.Elapsed is { Ticks: > 0 } left)
            {
                await Task.Delay(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1), cancellation);
                if (eachSecond is not null) await eachSecond();
            }

            var now = await look();
            if (ShardProgress.Stood(partitions, before, now) is { } stood) return (window, string.Create(CultureInfo.InvariantCulture, $"{stood} in window {window} of {windows} ({begin.TotalSeconds:0} to {clock.Elapsed.TotalSeconds:0} s)"));
            before = now;
        }

        return (windows, null);
    }

    /// <summary>How many windows of at least one length there are: none is left over at the end.</summary>
    public static int WindowsIn(TimeSpan lasts, TimeSpan least) => Math.Max(1, (int)(lasts / least));

    /// <summary>What is wrong with the lists of an outage; null where they came all the while.</summary>
    public static string? PauseIn(double given, double pauseSeconds, TimeSpan most) => given <= 0 ? "nothing was recommended"
        : pauseSeconds > most.TotalSeconds ? string.Create(CultureInfo.InvariantCulture, $"no recommendation came for {pauseSeconds:0.0} s") : null;

    /// <summary>Keeps the figures of the lists.</summary>
    public void Into(Dictionary<string, double> figures, string name)
    {
        figures[$"{name}: lists"] = Lists.Given;
        figures[$"{name}: longest time without a list, s"] = Math.Round(Lists.LongestPauseSeconds, 1);
        figures[$"{name}: windows in which every shard committed"] = Finding is null ? Windows : Windows - 1;
    }
}
