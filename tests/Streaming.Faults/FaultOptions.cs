namespace Streaming.Faults;

/// <summary>Where everything is and how a case is run.</summary>
internal sealed record FaultOptions
{
    /// <summary>Root of the repository.</summary>
    public required string Root { get; init; }
    /// <summary>Folder of the engine built with -p:CrashPoints=true.</summary>
    public required string Build { get; init; }
    /// <summary>Folder with kafka-up and its like.</summary>
    public required string Servers { get; init; }
    /// <summary>Folder for servers' data, stores and outputs of runs.</summary>
    public required string Work { get; init; }
    /// <summary>Kafka's port.</summary>
    public int KafkaPort { get; init; } = 30192;
    /// <summary>Cassandra's port.</summary>
    public int CassandraPort { get; init; } = 30142;
    /// <summary>Base of every case's seed.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Partitions of each case's events topic.</summary>
    public int Partitions { get; init; } = 4;
    /// <summary>Events a second that a case feeds.</summary>
    public int EventsPerSecond { get; init; } = 150;
    /// <summary>Length of the soak, min; less than 60 is a trial.</summary>
    public int SoakMinutes { get; init; } = 60;
    /// <summary>Events a second of the soak at most; 0: half of what the engine can do, as it is measured first.</summary>
    public int SoakEventsPerSecond { get; init; }
    /// <summary>Commits that a case with held commits holds; 0: its own number.</summary>
    public int Holds { get; init; }
    /// <summary>Longest wait for a state that must come (a start, a crash point, the end of the input): the machine may be busy, so it is generous.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(240);

    /// <summary>Whether outages last as long as the catalogue says, instead of a shortened time.</summary>
    public bool IsFull { get; init; }

    /// <summary>Port through which the proxied listener is advertised.</summary>
    public int ProxyPort => KafkaPort - 2;

    /// <summary>Kafka's own address.</summary>
    public string Kafka => $"127.0.0.1:{KafkaPort}";

    /// <summary>Port of the listener that advertises <see cref="ProxyPort"/>.</summary>
    public int ProxiedListenerPort => KafkaPort + 3;

    /// <summary>First of the ports through which engine processes reach each other.</summary>
    public int ClusterPort => KafkaPort + 40;

    /// <summary>Cassandra's address.</summary>
    public string Cassandra => $"127.0.0.1:{CassandraPort}";

    /// <summary>Port of the proxy before Cassandra.</summary>
    public int CassandraProxyPort => CassandraPort + 5;

    /// <summary>Address of the proxy before Cassandra.</summary>
    public string CassandraProxy => $"127.0.0.1:{CassandraProxyPort}";

    /// <summary>Where results are kept.</summary>
    public string Results => Path.Combine(Root, "tests", "Streaming.Faults", "results");

    /// <summary>The folder above the program that holds the solution.</summary>
    public static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Streaming.sln"))) return at.FullName;
        }

        throw new InvalidOperationException("Streaming.sln is in no folder above the program");
    }
}
