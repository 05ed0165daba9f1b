using System.Globalization;
using Streaming.Faults.Net;

namespace Streaming.Faults.Engine;

/// <summary>A place in the cluster: an address that processes take one after the other.</summary>
internal sealed class ClusterNode(string name, NetworkPlace place, int port, bool isWitness, IReadOnlyList<string>? more = null) : IDisposable
{
    private EngineProcess? _process;

    /// <summary>Name for the log.</summary>
    public string Name => name;

    /// <summary>host:port by which the others know it.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"{place.Host}:{port}");

    /// <summary>Where in the network it is.</summary>
    public NetworkPlace Place => place;

    /// <summary>Whether it only arbitrates.</summary>
    public bool IsWitness => isWitness;

    /// <summary>Where the processes that are started from now on kill themselves; null: nowhere.</summary>
    public string? CrashPoint { get; set; }

    /// <summary>What its processes logged.</summary>
    public NodeLog Log { get; } = new();

    /// <summary>The process that lives or lived last.</summary>
    public EngineProcess Process => _process ?? throw new InvalidOperationException($"{name} was not started");

    /// <summary>Whether it was started and its process ended.</summary>
    public bool HasEnded => _process is { HasExited: true };

    /// <summary>Starts it.</summary>
    /// <param name="start">Starts a process for a node with settings.</param>
    /// <param name="seeds">Addresses of all members.</param>
    public void Start(Func<ClusterNode, IEnumerable<string>, EngineProcess> start, string seeds)
    {
        _process?.Dispose();
        string[] settings = ["--set", $"Cluster:Hostname={place.Host}", "--set", $"Cluster:Port={port}", "--set", $"Cluster:SeedNodes={seeds}", "--set", $"Cluster:Role={(isWitness ? "witness" : "worker")}", .. more ?? []];
        _process = start(this, settings);
    }

    public void Dispose() => _process?.Dispose();
}
