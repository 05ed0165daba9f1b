#if CRASH_POINTS
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Streaming.Core.Shard;

namespace Streaming.Host.Faults;

/// <summary>
/// CRASH_POINT=name:nth kills the process where the named point is passed the nth time, as <c>kill -9</c> does. A third part changes how:
/// <c>after=MS</c> goes on and is killed that much later, <c>wait=MS</c> stands still at the point until then, <c>hang=SECONDS</c> stands still and goes on,
/// <c>hold=SECONDS</c> does so with every pass from the nth on, all until that long after the nth, and tells every point that is passed after that. With CRASH_POINT_WHEN=file passes count from when the file is there.
/// </summary>
internal static partial class CrashSchedule
{
    private const int KillSignal = 9;
    private static long _passed, _heldUntil;

    /// <summary>Reads the environment.</summary>
    public static void Install()
    {
        if (Environment.GetEnvironmentVariable("CRASH_POINT") is not { Length: > 0 } text) return;
        var parts = text.Split(':');
        var nth = parts.Length > 1 ? long.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        var (how, much) = parts.Length > 2 && parts[2].Split('=') is [var key, var value] ? (key, double.Parse(value, CultureInfo.InvariantCulture)) : ("at", 0);
        CrashPoint.Awaited = parts[0];
        var when = Environment.GetEnvironmentVariable("CRASH_POINT_WHEN");
        CrashPoint.Handler = name =>
        {
            TellAfterHold(text, name);
            if (name != parts[0] || (when is not null && !File.Exists(when))) return;
            var pass = Interlocked.Increment(ref _passed);
            if (how == "hold" && pass >= nth) Hold(text, much);
            else if (pass == nth) Act(text, how, much);
        };
    }

    // Who stands here says so before and after: one that was stopped meanwhile has said the first alone.
    private static void Hold(string text, double seconds)
    {
        var now = Environment.TickCount64;
        Interlocked.CompareExchange(ref _heldUntil, now + (long)(seconds * 1000), 0);
        if (Volatile.Read(ref _heldUntil) - now is not (> 0 and var left)) return;
        Console.Error.WriteLine($"crash point {text}: stands");
        Thread.Sleep(TimeSpan.FromMilliseconds(left));
        Console.Error.WriteLine($"crash point {text}: goes on");
    }

    // What is passed once those that were held went on: where they come to.
    private static void TellAfterHold(string text, string name)
    {
        if (Volatile.Read(ref _heldUntil) is > 0 and var until && Environment.TickCount64 >= until) Console.Error.WriteLine($"crash point {text}: then {name}");
    }

    private static void Act(string text, string how, double much)
    {
        Console.Error.WriteLine($"crash point {text}: {how} {much.ToString(CultureInfo.InvariantCulture)}");
        Console.Error.Flush();
        switch (how)
        {
            case "after":
                new Thread(() => KillIn(much)) { IsBackground = true, Priority = ThreadPriority.Highest }.Start();
                break;
            case "hang":
                Thread.Sleep(TimeSpan.FromSeconds(much));
                break;
            default:
                KillIn(much);
                break;
        }
    }

    private static void KillIn(double ms)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < ms) Thread.Sleep(ms > 50 ? 10 : 0);
        _ = Kill(Environment.ProcessId, KillSignal);
        Thread.Sleep(Timeout.Infinite);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
#endif
