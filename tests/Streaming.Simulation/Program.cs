using System.Diagnostics;
using Streaming.Simulation;

if (args.Length == 0 || args[0] is not ("--seeds" or "--seed" or "--defects" or "--defect" or "--from")) return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);

var seeds = 1000L;
var from = 1L;
var one = 0L;
for (var i = 0; i + 1 < args.Length; i += 1)
{
    if (args[i] == "--seeds") seeds = long.Parse(args[i + 1]);
    if (args[i] == "--from") from = long.Parse(args[i + 1]);
    if (args[i] == "--seed") one = long.Parse(args[i + 1]);
}

if (one > 0)
{
    var v = SimulationRun.Run(one, args.Contains("--trace") ? Console.Error : null);
    Console.WriteLine($"seed {v.Seed}: {v.Failure ?? "ok"} [{v.TraceHash:x16}] {v.Stats}");
    return v.Failure is null ? 0 : 1;
}

var clock = Stopwatch.StartNew();
var stats = new Stats();
var failed = 0;
for (var seed = from; seed < from + seeds; seed++)
{
    var v = SimulationRun.Run(seed);
    stats.Add(v.Stats);
    if (args.Contains("--hashes")) Console.WriteLine($"{seed} {v.TraceHash:x16}");
    if (v.Failure is null) continue;
    failed++;
    Console.WriteLine($"seed {v.Seed}: {v.Failure[..Math.Min(600, v.Failure.Length)]}");
}

Console.WriteLine($"{seeds} seeds, {failed} failed, {clock.Elapsed.TotalSeconds:F1} s; {stats}");
Console.WriteLine($"allocated {GC.GetTotalAllocatedBytes() / 1e6 / seeds:F1} MB a seed, GCs {GC.CollectionCount(0)} {GC.CollectionCount(1)} {GC.CollectionCount(2)}, pause {GC.GetTotalPauseDuration().TotalSeconds:F1} s, cpu {Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds:F1} s");
return failed == 0 ? 0 : 1;
