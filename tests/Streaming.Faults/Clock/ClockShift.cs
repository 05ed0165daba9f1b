using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Streaming.Faults.Clock;

/// <summary>A library that shows one process another wall clock; compiled where it is used.</summary>
internal sealed class ClockShift
{
    private readonly string _library;

    private ClockShift(string library) => _library = library;

    /// <summary>Compiles it; null, and why, where that cannot be done here.</summary>
    public static async Task<(ClockShift? Shift, string Why)> CompileAsync(string root, string folder, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux()) return (null, "the clock is changed by LD_PRELOAD, which is Linux's");
        var library = Path.Combine(folder, "clock-shift.so");
        var start = new ProcessStartInfo("cc") { RedirectStandardError = true };
        foreach (var argument in (string[])["-shared", "-fPIC", "-O2", "-o", library, Path.Combine(root, "tests", "Streaming.Faults", "Clock", "clock-shift.c"), "-ldl"]) start.ArgumentList.Add(argument);
        try
        {
            using var compiler = Process.Start(start)!;
            var said = await compiler.StandardError.ReadToEndAsync(cancellation);
            await compiler.WaitForExitAsync(cancellation);
            return compiler.ExitCode == 0 ? (new ClockShift(library), "") : throw new InvalidOperationException($"clock-shift.c does not compile: {said}");
        }
        catch (Win32Exception)
        {
            return (null, "there is no C compiler (cc)");
        }
    }

    /// <summary>Variables of a process whose clock is so far ahead.</summary>
    public Dictionary<string, string> Ahead(TimeSpan time) => new()
    {
        ["LD_PRELOAD"] = _library,
        ["CLOCK_SHIFT_SECONDS"] = ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture),
    };
}
