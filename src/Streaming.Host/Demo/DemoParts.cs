using Streaming.Host.Engine;
using Streaming.Host.Settings;
using Streaming.Kafka;
using Streaming.Kafka.Embedded;
using Streaming.Kafka.Topics;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Demo;

/// <summary>The demo's engine: the same parts as <c>run</c>, over an in-process cluster and a store in a fresh temporary folder.</summary>
internal sealed class DemoParts : IDisposable
{
    // Few enough that a laptop draws them on one page, enough to show that users are spread.
    private const int Partitions = 4;

    private readonly EmbeddedKafka _kafka;
    private readonly DirectoryInfo _folder;

    /// <summary>Starts the in-process cluster.</summary>
    public DemoParts(SettingsSnapshot settings, ILoggerFactory loggers)
    {
        _folder = Directory.CreateTempSubdirectory("streaming-demo-");
        _kafka = new EmbeddedKafka(settings.Get<KafkaOptions>() with { Partitions = Partitions, TopicPrefix = "", EventsTopic = null }, loggers.CreateLogger<EmbeddedKafka>());
        // Its committed offsets live and die with its records.
        var committed = new MemoryCommittedOffsets();
        Engine = new EngineParts
        {
            Settings = settings,
            Kafka = _kafka.Options,
            LocalFolder = _folder.FullName,
            Store = new SqliteSnapshotStore(settings.Get<SqliteOptions>() with { Folder = _folder.FullName }),
            PrepareTopicsAsync = _ => Task.FromResult(Partitions),
            // The in-process cluster cannot describe topics. With so few partitions even the shared topics have as many as events.
            FindTopicAsync = _ => Task.FromResult<TopicIdentity?>(new TopicIdentity("", Partitions)),
            Brokers = _ => _kafka.CreateNode(committed, TimeProvider.System, loggers.CreateLogger<KafkaNode>()),
            IsDevelopment = true,
            Loggers = loggers,
            Time = TimeProvider.System,
        };
    }

    /// <summary>Parts of the engine.</summary>
    public EngineParts Engine { get; }

    /// <summary>Partitions of every topic that the demo writes or reads.</summary>
    public static int TopicPartitions => Partitions;

    /// <summary>Ends the cluster and removes the folder; the engine must have ended.</summary>
    public void Dispose()
    {
        _kafka.Dispose();
        _folder.Delete(recursive: true);
    }
}
