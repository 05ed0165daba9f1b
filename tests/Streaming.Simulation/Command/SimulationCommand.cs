using System.Diagnostics;
using System.Text.Json.Nodes;
using Streaming.Simulation.Checks;

namespace Streaming.Simulation.Command;

/// <summary>The program: seeds, one seed, or the table of planted defects.</summary>
internal static class SimulationCommand
{
    private const int ShownCharacters = 400, ShownOfFinding = 140;

    public static int Run(string[] args)
    {
        SimulationOptions options;
        try
        {
            options = SimulationOptions.Parse(args);
            DefectSwitch.Plant(options.Defect);
            if (options.AllDefects && DefectSwitch.Names.Count == 0) throw new ArgumentException("this build holds no planted defects: build with -p:SimulationDefects=true");
        }
        catch (ArgumentException error)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }

        if (options.IsHelp)
        {
            Console.WriteLine(SimulationOptions.Help);
            return 0;
        }

        if (options.AllDefects) return Defects(options);
        return options.Seed is { } seed ? One(seed, options) : Many(options);
    }

    private static int One(long seed, SimulationOptions options)
    {
        var verdict = SimulationRun.Run(seed, options.Faults, options.IsTraced ? Console.Error : null, options.AllCheckers);
        Console.WriteLine(FormattableString.Invariant($"seed {seed}: {verdict.Failure ?? "passed"}"));
        if (options.AllCheckers)
        {
            foreach (var (checker, finding) in verdict.Spoke) Console.WriteLine(FormattableString.Invariant($"{checker}: {Short(finding)}"));
        }

        Console.WriteLine(FormattableString.Invariant($"trace {verdict.TraceHash:x16}; {verdict.Stats}"));
        if (options.IsJson) Console.WriteLine(new JsonObject { ["seed"] = seed, ["failure"] = verdict.Failure, ["traceHash"] = verdict.TraceHash.ToString("x16"), ["steps"] = verdict.Stats.Steps }.ToJsonString());
        return verdict.Failure is null ? 0 : 1;
    }

    private static int Many(SimulationOptions options)
    {
        var clock = Stopwatch.StartNew();
        var range = new SeedRange(options.From, options.Seeds, options.Threads, options.Faults, options.LinksAlone ? Plan.IsRichInLinks : null, options.AllCheckers);
        range.Run(isFirstEnough: false, done =>
        {
            if (done % 1000 == 0) Console.Error.WriteLine(FormattableString.Invariant($"{done:N0} of {options.Seeds:N0} seeds, {done / clock.Elapsed.TotalSeconds:F0} a second, {range.Failures.Count} failed"));
        });
        foreach (var (seed, failure) in range.Failures) Console.WriteLine(FormattableString.Invariant($"seed {seed}: {Short(failure)}"));
        if (options.AllCheckers)
        {
            foreach (var (checker, (seed, finding, seeds)) in range.Spoke) Console.WriteLine(FormattableString.Invariant($"{checker} spoke of {seeds} seeds, first of {seed}: {Short(finding)}"));
        }

        var seconds = clock.Elapsed.TotalSeconds;
        Console.WriteLine(FormattableString.Invariant($"{options.Seeds:N0} seeds from {options.From}, {range.Failures.Count} failed, {seconds:F1} s on {options.Threads} threads, {options.Seeds / seconds:F0} a second"));
        Console.WriteLine(range.Stats);
        if (options.IsJson)
        {
            Console.WriteLine(new JsonObject
            {
                ["seeds"] = options.Seeds, ["from"] = options.From, ["failed"] = range.Failures.Count, ["firstFailed"] = range.Failures.Count == 0 ? null : range.Failures.Keys.First(), ["seconds"] = Math.Round(seconds, 1),
                ["events"] = range.Stats.Events, ["crashes"] = range.Stats.Crashes, ["takeOvers"] = range.Stats.TakeOvers, ["steps"] = range.Stats.Steps,
                ["stats"] = range.Stats.ToJson(), ["failures"] = new JsonArray([.. range.Failures.Select(f => new JsonObject { ["seed"] = f.Key, ["failure"] = Short(f.Value) })]),
            }.ToJsonString());
        }

        return range.Failures.Count == 0 ? 0 : 1;
    }

    private static int Defects(SimulationOptions options)
    {
        var found = new JsonObject();
        var missed = 0;
        SortedSet<Checker> silent = [.. Enum.GetValues<Checker>()];
        Console.WriteLine("| defect | found at seed | by | checkers that spoke |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var name in DefectSwitch.Names.Where(n => options.Defect is null || n == options.Defect))
        {
            DefectSwitch.Plant(name);
            var range = new SeedRange(options.From, options.Seeds, options.Threads, options.Faults, options.LinksAlone ? Plan.IsRichInLinks : null);
            range.Run(isFirstEnough: true);
            var (seed, failure) = range.Failures.FirstOrDefault();
            if (failure is null)
            {
                missed++;
                found[name] = null;
                Console.WriteLine($"| {name} | not found | | |");
                continue;
            }

            var spoke = SimulationRun.Run(seed, options.Faults, goesOn: true).Spoke;
            silent.ExceptWith(spoke.Keys);
            found[name] = new JsonObject { ["seed"] = seed, ["by"] = Finding(failure), ["spoke"] = new JsonObject(spoke.OrderBy(s => s.Key).Select(s => KeyValuePair.Create(s.Key.ToString(), (JsonNode?)Finding(s.Value)))) };
            Console.WriteLine(FormattableString.Invariant($"| {name} | {seed} | {Short(failure).ReplaceLineEndings(" ").Replace('|', '/')} | {string.Join(", ", spoke.Keys.Order())} |"));
        }

        Console.WriteLine($"spoke of none of them: {string.Join(", ", silent)}");
        Console.WriteLine(FormattableString.Invariant($"{found.Count - missed} of {found.Count} defects found within {options.Seeds} seeds"));
        if (options.IsJson) Console.WriteLine(new JsonObject { ["defects"] = found, ["missed"] = missed, ["silent"] = new JsonArray([.. silent.Select(s => (JsonNode?)s.ToString())]) }.ToJsonString());
        return missed == 0 ? 0 : 1;
    }

    // Which checker speaks and what of, without the numbers and rows of the seed.
    private static string Finding(string failure)
    {
        var line = failure.ReplaceLineEndings(" ").Replace('|', '/');
        var end = line.IndexOfAny(['{', '[', ';', '(']) is var at && at > 0 ? at : line.Length;
        return (end <= ShownOfFinding ? line[..end] : line[..ShownOfFinding] + "…").Trim();
    }

    private static string Short(string text) => text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
}
