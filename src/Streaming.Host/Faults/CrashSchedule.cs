#if CRASH_POINTS
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Streaming.Core.Shard;

namespace Streaming.Host.Faults;

/// <summary>
/// CRASH_POINT=name:nth kills the process where the named point is passed the nth time, as <c>kill -9</c> does. A third part changes how:
/// <c>after=MS</c> goes on and is killed that much later, <c>wait=MS</c> stands still at the point until then, <c>hang=SECONDS</c> stands still and goes on.
/// </summary>
internal static partial class CrashSchedule
{
    private const int KillSignal = 9;
    private static long _passed;

    /// <summary>Reads the environment.</summary>
    public static void Install()
    {
        if (Environment.GetEnvironmentVariable("CRASH_POINT") is not { Length: > 0 } text) return;
        var parts = text.Split(':');
        var nth = parts.Length > 1 ? long.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        var (how, much) = parts.Length > 2 && parts[2].Split('=') is [var key, var value] ? (key, double.Parse(value, CultureInfo.InvariantCulture)) : ("at", 0);
        CrashPoint.Awaited = parts[0];
        CrashPoint.Handler = name =>
        {
            if (name == parts[0] && Interlocked.Increment(ref _passed) == nth) Act(text, how, much);
        };
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
