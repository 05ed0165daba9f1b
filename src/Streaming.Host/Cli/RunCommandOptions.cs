using System.CommandLine;

namespace Streaming.Host.Cli;

/// <summary>Short names of the settings that <c>run</c>, <c>config</c> and others share.</summary>
internal static class RunCommandOptions
{
    /// <summary>Adds them to a command.</summary>
    public static SettingsOptions On(Command command) => new(command,
        ("--store", "Store:Location", "STORE", "sqlite:DIR or cassandra:HOST:PORT (default sqlite:./streaming-data)."),
        ("--consent-default", "Consent:Default", "granted|denied", "Consent of users who never said; run needs it."));
}
