using System.CommandLine;

namespace Streaming.Host.Cli;

/// <summary>Short names of the settings that commands share.</summary>
internal static class RunCommandOptions
{
    private static readonly (string, string, string, string) Kafka = ("--kafka", "Kafka:BootstrapServers", "HOST:PORT", "Kafka's bootstrap servers (default localhost:9092).");
    private static readonly (string, string, string, string) Store = ("--store", "Store:Location", "STORE", "sqlite:DIR or cassandra:HOST:PORT (default sqlite:./streaming-data).");
    private static readonly (string, string, string, string) Consent = ("--consent-default", "Consent:Default", "granted|denied", "Consent of users who never said; run needs it.");

    /// <summary>Adds those of an engine to a command.</summary>
    public static SettingsOptions On(Command command) => new(command, Kafka, Store, Consent);

    /// <summary>Adds those of Kafka alone, with the name of the events topic.</summary>
    public static SettingsOptions KafkaOn(Command command) => new(command, Kafka, ("--topic", "Kafka:EventsTopic", "NAME", "The events topic (default events)."));

    /// <summary>Adds that of Kafka alone.</summary>
    public static SettingsOptions KafkaAloneOn(Command command) => new(command, Kafka);

    /// <summary>Adds those of Kafka and the store.</summary>
    public static SettingsOptions KafkaAndStoreOn(Command command) => new(command, Kafka, Store);
}
