using System.Diagnostics;
using System.Globalization;
using Streaming.Host.Engine;

namespace Streaming.Host.Tests.Engine;

/// <summary>The arenas of the C library are bounded, unless a person bounded them otherwise.</summary>
public sealed class NativeHeapTests : IDisposable
{
    // Beyond that many cores one arena a core is as many as the program's threads ask for, and nothing could be seen.
    private const int MostCores = 10, LeastThreads = 20, FewerBy = 3;
    private const long ArenaBytes = 64L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1), Still = TimeSpan.FromSeconds(3), Look = TimeSpan.FromMilliseconds(200);
    private readonly string _folder = Directory.CreateTempSubdirectory("native-heap-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The same program beside one that was asked for what glibc does by itself: eight arenas a core.</summary>
    [Fact]
    public async Task Engine_has_fewer_arenas_than_the_C_library_would_give_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/proc/self/maps"), "arenas are counted in /proc");
        Assert.SkipWhen(NativeHeap.BoundArenas() == 0, "the C library is not glibc, or MALLOC_ARENA_MAX is set for this test run");
        Assert.SkipWhen(Environment.ProcessorCount > MostCores, $"more than {MostCores} cores: one arena each is as many as are asked for");

        using var bounded = Start("bounded", null);
        using var asGlibc = Start("glibc", (8 * Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture));
        try
        {
            var few = await ArenasAsync(bounded);
            var many = await ArenasAsync(asGlibc);
            Assert.True(few <= many - FewerBy, $"{few} arenas, and {many} where glibc decides");
        }
        finally
        {
            bounded.Kill();
            asGlibc.Kill();
        }
    }

    // An engine without a broker: the Kafka client's threads run and wait for it.
    private Process Start(string name, string? arenas)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "streaming.dll"), "run", "--kafka", "127.0.0.1:1", "--store", "sqlite:" + Path.Combine(_folder, name), "--set", "Consent:Default=granted", "--set", "Http:Port=0"])
            start.ArgumentList.Add(argument);
        start.Environment.Remove(NativeHeap.Variable);
        if (arenas is not null) start.Environment[NativeHeap.Variable] = arenas;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    // Once all threads are there and nothing has changed for a while.
    private static async Task<int> ArenasAsync(Process process)
    {
        var (arenas, since) = (-1, Stopwatch.StartNew());
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; await Task.Delay(Look, TestContext.Current.CancellationToken))
        {
            Assert.False(process.HasExited, "the engine ended by itself");
            var now = Count(process.Id);
            if (now != arenas) (arenas, since) = (now, Stopwatch.StartNew());
            if (since.Elapsed > Still && Directory.GetDirectories($"/proc/{process.Id}/task").Length >= LeastThreads) return arenas;
        }

        throw new TimeoutException($"the engine has not come to {LeastThreads} threads");
    }

    // Private, writable, of no file, and where an arena begins: at a multiple of 64 MiB.
    private static int Count(int process) => File.ReadLines($"/proc/{process}/maps").Count(line =>
        line.Contains(" rw-p 00000000 00:00 0", StringComparison.Ordinal) && !line.Contains('[', StringComparison.Ordinal) && !line.Contains('/', StringComparison.Ordinal)
        && long.TryParse(line.AsSpan(0, line.IndexOf('-', StringComparison.Ordinal)), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var from) && from % ArenaBytes == 0);
}
