using Streaming.Faults.Results;
using Streaming.Faults.Servers;

namespace Streaming.Faults.Cases;

/// <summary>One row of the fault model.</summary>
internal abstract class FaultCase
{
    /// <summary>Its name, of letters, digits and dashes: the result's file.</summary>
    public required string Name { get; init; }

    /// <summary>Rows of the fault catalogue that it covers.</summary>
    public required string Covers { get; init; }

    /// <summary>What is done.</summary>
    public required string Inject { get; init; }

    /// <summary>What must hold, beside the oracle's verdict.</summary>
    public required string Invariant { get; init; }

    /// <summary>Where the engine keeps its rows.</summary>
    public StoreKind Store { get; init; }

    /// <summary>Nodes of the store, where it is Cassandra; three hold every row three times.</summary>
    public int StoreNodes { get; init; } = 1;

    /// <summary>Events a second; null: as all cases.</summary>
    public int? EventsPerSecond { get; init; }

    /// <summary>Whether the engine's time-outs are shortened (<see cref="Engine.EngineTimeouts"/>); false where that would be a second fault beside the case's own.</summary>
    public bool HasShortTimeouts { get; init; } = true;

    /// <summary>What of the product it does not execute, by the beginning of its path under <c>src</c>: a change there leaves its result in force.</summary>
    public IReadOnlyList<string> Untouched =>
    [
        "Streaming.Training/", "Streaming.Host/Bench/", "Streaming.Host/Cli/Bench", "Streaming.Host/Cli/Evaluate", "Streaming.Host/Cli/Train", "Streaming.Host/Demo/",
        Store == StoreKind.Cassandra ? "Streaming.Snapshots.Sqlite/" : "Streaming.Snapshots.Cassandra/",
    ];

    /// <summary>True where a defence is off and the damage is what the case shows: it counts for no promise.</summary>
    public virtual bool ShowsDamage => false;

    /// <summary>Starts the brokers that it runs against.</summary>
    /// <exception cref="CaseSkippedException">This machine cannot run it.</exception>
    public virtual async Task<KafkaBrokers> StartBrokersAsync(ServerScripts servers, CancellationToken cancellation)
    {
        await servers.Kafka.UpAsync(cancellation);
        return servers.Kafka;
    }

    /// <summary>Ends brokers that no other case uses.</summary>
    public virtual Task StopBrokersAsync(ServerScripts servers, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Whether a run under these options counts; one that was shortened or held back keeps no result.</summary>
    public virtual bool Counts(FaultOptions options) => true;

    /// <summary>Injects the faults and judges what is left.</summary>
    public abstract Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation);
}
