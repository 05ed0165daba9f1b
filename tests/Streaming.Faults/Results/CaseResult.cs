using System.Text.Json.Serialization;
using Streaming.Faults.Soak;

namespace Streaming.Faults.Results;

/// <summary>What a case showed; one file each.</summary>
internal sealed record CaseResult
{
    /// <summary>The case.</summary>
    public required string Name { get; init; }
    /// <summary>Everything random follows from it.</summary>
    public required int Seed { get; init; }
    /// <summary>Commit of the checkout at the run.</summary>
    public string Commit { get; init; } = "";
    /// <summary>When it ended, UTC.</summary>
    public DateTime At { get; init; }
    /// <summary>Hash of the sources that the result speaks of.</summary>
    public string Sources { get; init; } = "";
    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }
    /// <summary>Faults that happened.</summary>
    public required int Faults { get; init; }
    /// <summary>Records fed.</summary>
    public required long Fed { get; init; }
    /// <summary>Records of events that audit read: those fed and the engine's own erasures of guests.</summary>
    public required long Events { get; init; }
    /// <summary>Profiles compared.</summary>
    public required long Users { get; init; }
    /// <summary>Dead letters matched.</summary>
    public required long DeadLetters { get; init; }
    /// <summary>By audit.</summary>
    public required long Lost { get; init; }
    /// <summary>By audit.</summary>
    public required long Duplicated { get; init; }
    /// <summary>By audit.</summary>
    public required long Phantom { get; init; }
    /// <summary>By audit.</summary>
    public required long StateMismatches { get; init; }
    /// <summary>Measured, by name with unit.</summary>
    public Dictionary<string, double> Figures { get; init; } = [];
    /// <summary>What found each planted mistake of the simulation; null of every other case.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Findings { get; init; }
    /// <summary>Readings of a soak; null of every other case.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SoakMinute>? Minutes { get; init; }
    /// <summary>Faults that did not happen and promises that were broken.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];
    /// <summary>Why it could not be run here; null where it was.</summary>
    public string? Skipped { get; init; }
    /// <summary>The verdict.</summary>
    public required bool Passed { get; init; }
    /// <summary>The case did not come to its end: this says something of the machine or of the harness, and nothing of the engine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LacksVerdict { get; init; }
    /// <summary>Runs beside it that did not pass, in their order.</summary>
    public IReadOnlyList<CaseAttempt> Attempts { get; init; } = [];

    /// <summary>Whether it spares a run of the case as it is now: it passed, on these sources and with everything random as it would be again.</summary>
    public bool StandsFor(string sources, int seed) => Passed && Sources == sources && Seed == seed;

    /// <summary>Of a case that did not come to its end.</summary>
    public static CaseResult Broken(string name, Exception error) => Skip(name, "") with { Skipped = null, LacksVerdict = true, Failures = [$"{error.GetType().Name}: {error.Message}"] };

    /// <summary>Of a case that this machine cannot run: it counts as not passed.</summary>
    public static CaseResult Skip(string name, string why) => new()
    {
        Name = name, Seed = 0, Seconds = 0, Faults = 0, Fed = 0, Events = 0, Users = 0, DeadLetters = 0, Lost = 0, Duplicated = 0, Phantom = 0, StateMismatches = 0, Skipped = why, Passed = false, LacksVerdict = true,
    };
}
