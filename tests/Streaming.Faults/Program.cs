using System.CommandLine;
using Streaming.Faults;
using Streaming.Faults.Cases;
using Streaming.Faults.Programs;
using Streaming.Faults.Results;
using Streaming.Faults.Servers;

var root = FaultOptions.FindRoot();
var servers = new Option<string>("--servers") { Description = "Folder with kafka-up and cassandra-up (or STREAMING_SERVERS).", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("STREAMING_SERVERS") ?? Path.Combine(root, "..", "shared", "servers") };
var work = new Option<string>("--work") { Description = "Folder for servers' data, stores and logs.", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "faults") };
var build = new Option<string?>("--build") { Description = "Folder of an engine built with -p:CrashPoints=true -p:CassandraDriver=true; without it, it is built." };
var only = new Option<string[]>("--only") { Description = "Names, or beginnings of names, of the cases to run.", AllowMultipleArgumentsPerToken = true };
var force = new Option<bool>("--force") { Description = "Also those that passed on these sources." };
var list = new Option<bool>("--list") { Description = "Lists the cases." };
var table = new Option<bool>("--table") { Description = "Writes the kept results into docs/fault-model-processes.md and docs/fault-model.md." };
var keep = new Option<bool>("--keep-servers") { Description = "Leaves the servers running." };
var seed = new Option<int>("--seed") { Description = "Base of the seeds.", DefaultValueFactory = _ => 1 };
var kafka = new Option<int>("--kafka-port") { DefaultValueFactory = _ => 30192 };
var cassandra = new Option<int>("--cassandra-port") { DefaultValueFactory = _ => 30142 };
var quick = new Option<bool>("--quick") { Description = "The quick tier instead: a handful of cases, one to three times each, on ports that are free; keeps no results." };
var soakMinutes = new Option<int>("--soak-minutes") { Description = "Length of s1-soak; a run of less than 60 keeps no result.", DefaultValueFactory = _ => 60 };
var soakRate = new Option<int>("--soak-rate") { Description = "Events a second of s1-soak at most: on a machine that others use too, half of what the engine can do may be too much. A run with it keeps no result." };
var trial = new Option<bool>("--trial") { Description = "A hundredth of the seeds and inputs of sim-* and fuzz-*; keeps no result of them." };
var most = new Option<int>("--most") { Description = "At most so many faults a case: a trial, which keeps no result." };
var command = new RootCommand("The whole proof: the simulation and the fuzz tests as child processes (sim-*, fuzz-*, cost-*; each is built first), then real processes, a real broker, a real store, and faults by signal and proxy; audit is the oracle.");
foreach (var option in (Option[])[servers, work, build, only, force, list, table, keep, seed, kafka, cassandra, soakMinutes, soakRate, quick, trial, most]) command.Options.Add(option);
command.SetAction(async (parsed, cancellation) =>
{
    var options = new FaultOptions
    {
        Root = root,
        Build = Path.GetFullPath(parsed.GetValue(build) ?? Path.Combine(root, "src", "Streaming.Host", "bin", "crash-points", "Release", "net10.0")),
        Servers = Path.GetFullPath(parsed.GetValue(servers)!),
        Work = Path.GetFullPath(parsed.GetValue(work)!),
        Seed = parsed.GetValue(seed),
        KafkaPort = parsed.GetValue(quick) ? FreePorts.ForKafka() : parsed.GetValue(kafka),
        SoakMinutes = parsed.GetValue(soakMinutes),
        SoakEventsPerSecond = parsed.GetValue(soakRate),
        CassandraPort = parsed.GetValue(cassandra),
        IsTrial = parsed.GetValue(trial),
        MaxTimes = parsed.GetValue(most),
    };
    var names = parsed.GetValue(only) ?? [];
    var cases = (parsed.GetValue(quick) ? QuickList.All : CaseList.All).Where(c => names.Length == 0 || Array.Exists(names, n => c.Name.StartsWith(n, StringComparison.Ordinal))).ToList();
    List<ProgramCase> programs = parsed.GetValue(quick) ? [] : [.. ProgramList.All.Where(p => names.Length == 0 || Array.Exists(names, n => p.Name.StartsWith(n, StringComparison.Ordinal)))];
    if (parsed.GetValue(list))
    {
        foreach (var program in programs) Console.WriteLine($"{program.Name}: {program.About}");
        foreach (var fault in cases) Console.WriteLine($"{fault.Name}: {fault.Covers}: {fault.Inject}; {fault.Invariant}");
        return 0;
    }

    if (parsed.GetValue(table))
    {
        var page = Path.Combine(root, "docs", "fault-model-processes.md");
        await File.WriteAllTextAsync(page, FaultTable.Into(await File.ReadAllTextAsync(page, cancellation), CaseList.All, new ResultStore(options.Results), fault => Sources.Hash(root, fault)), cancellation);
        var model = Path.Combine(root, "docs", "fault-model.md");
        await File.WriteAllTextAsync(model, ProgramTable.Into(await File.ReadAllTextAsync(model, cancellation), root, new ResultStore(options.Results)), cancellation);
        return 0;
    }

    if (BuildCheck.OfHarness(root, typeof(BuildCheck).Assembly.Location) is { } older)
    {
        await Console.Error.WriteLineAsync($"this program is not of these sources: {older}. Build it anew");
        return 2;
    }

    // Without them every case would break, and say nothing of the engine.
    if (cases.Count > 0 && MissingScripts(options.Servers) is { } missing)
    {
        await Console.Error.WriteLineAsync($"cases of real processes need the programs that start a broker and a store: {missing} (--servers, or STREAMING_SERVERS). Those without: --only sim- fuzz- cost-");
        return 2;
    }

    // First what needs no server.
    var proven = await new ProgramRunner(options, Console.Out).RunAsync(programs, parsed.GetValue(force), cancellation);
    if (cases.Count == 0) return proven ? 0 : 1;
    var runner = new FaultRunner(options, Console.Out, parsed.GetValue(quick));
    if (parsed.GetValue(build) is null) await runner.BuildAsync(cancellation);
    // A result carries the hash of the working tree: an engine of other sources would be praised for what it is not.
    if (BuildCheck.Difference(root, options.Build) is { } difference)
    {
        await Console.Error.WriteLineAsync($"the engine in {options.Build} is not of these sources: {difference}. Build it anew");
        return 2;
    }

    try
    {
        return await runner.RunAsync(cases, parsed.GetValue(force), cancellation) && proven ? 0 : 1;
    }
    finally
    {
        if (!parsed.GetValue(keep)) await runner.StopServersAsync();
    }
});
return await command.Parse(args).InvokeAsync();

static string? MissingScripts(string folder)
{
    string[] scripts = ["kafka-up", "kafka-down", "kafka-tool", "cassandra-up", "cassandra-down"];
    var missing = scripts.Where(s => !File.Exists(Path.Combine(folder, s))).ToList();
    return missing.Count == 0 ? null : $"{folder} lacks {string.Join(", ", missing)}";
}
