using System.Globalization;

namespace Streaming.Simulation.Command;

/// <summary>What the command line asks for.</summary>
internal sealed record SimulationOptions
{
    public const string Help = """
        Runs the engine's shards in a simulated cluster, one seed after another; a seed decides everything that happens.

          --seeds N        seeds to run (default 1000)
          --from N         first seed (default 1)
          --threads N      seeds at a time (default: one a processor)
          --seed N         this seed alone; with --trace every event of it on the standard error
          --defects        plants each known mistake and looks for the first seed that finds it (a build with -p:SimulationDefects=true); that seed goes on, and all checkers that speak of it are told
          --defect NAME    this mistake alone; with --seed or --seeds as without
          --faults NAMES   classes of faults in place of all: None, or of StaleRows, CorruptRows, LiveRollBack those wanted, with commas
          --all-checkers   a seed goes on after its first finding, and every checker that speaks is told
          --links          seeds that are rich in links (guests who log in) alone
          --json           the last line is one JSON object

        Example: dotnet run -c Release --project tests/Streaming.Simulation -- --seeds 10000
        Exit codes: 0 nothing found (--defects: all found), 1 a seed failed (--defects: one was not found), 2 wrong usage.
        """;

    private static readonly string[] Flags = ["--trace", "--defects", "--all-checkers", "--links", "--json", "--help"];
    private static readonly string[] Values = ["--seeds", "--from", "--threads", "--seed", "--defect", "--faults"];

    public long Seeds { get; init; } = 1000;
    public long From { get; init; } = 1;
    public long? Seed { get; init; }
    public int Threads { get; init; } = Environment.ProcessorCount;
    public FaultClasses Faults { get; init; } = FaultClasses.Usual;
    public bool IsTraced { get; init; }
    public bool IsJson { get; init; }
    public bool LinksAlone { get; init; }
    public bool AllCheckers { get; init; }
    public bool AllDefects { get; init; }
    public string? Defect { get; init; }
    public bool IsHelp { get; init; }

    /// <summary>True where the command line is this program's own, and not a test runner's.</summary>
    public static bool IsAskedFor(string[] args) => args.Length > 0 && (Flags.Contains(args[0]) || Values.Contains(args[0]));

    /// <summary>Reads a command line.</summary>
    /// <exception cref="ArgumentException">It is wrong; the message names what.</exception>
    public static SimulationOptions Parse(string[] args)
    {
        var options = new SimulationOptions();
        for (var i = 0; i < args.Length; i++)
        {
            if (Values.Contains(args[i]) && i + 1 < args.Length) options = options.With(args[i], args[++i]);
            else if (Flags.Contains(args[i])) options = options.With(args[i]);
            else throw new ArgumentException($"{args[i]}: unknown, or its value is missing; --help says what there is");
        }

        return options;
    }

    private SimulationOptions With(string flag) => flag switch
    {
        "--trace" => this with { IsTraced = true },
        "--all-checkers" => this with { AllCheckers = true },
        "--links" => this with { LinksAlone = true },
        "--json" => this with { IsJson = true },
        "--help" => this with { IsHelp = true },
        _ => this with { AllDefects = true, Seeds = 500 }, // --seeds behind it says otherwise
    };

    private SimulationOptions With(string name, string value) => name switch
    {
        "--seeds" => this with { Seeds = Number(name, value) },
        "--from" => this with { From = Number(name, value) },
        "--threads" => this with { Threads = (int)Math.Min(256, Number(name, value)) },
        "--seed" => this with { Seed = Number(name, value) },
        "--faults" => this with { Faults = Enum.TryParse<FaultClasses>(value, ignoreCase: true, out var classes) ? classes : throw new ArgumentException($"--faults: {value} holds an unknown class; --help says what there is") },
        _ => this with { Defect = value },
    };

    private static long Number(string name, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new ArgumentException($"{name} must be a whole number above 0, not {value}");
}
