using System.Collections;
using Microsoft.Extensions.Configuration.Memory;

namespace Streaming.Host.Settings;

/// <summary>
/// Where settings come from, weakest first: the program's own <c>appsettings.json</c>, the one of the current folder (and its
/// <c>appsettings.{ENVIRONMENT}.json</c>), <c>--config FILE</c>, environment variables (<c>Section__Option</c>), the command line.
/// </summary>
internal static class SettingsSources
{
    /// <summary>Merges all sources.</summary>
    /// <param name="configFile">File of <c>--config</c>, or null.</param>
    /// <param name="commandLine">Keys set on the command line.</param>
    /// <param name="environment">Environment variables; the process's own where null.</param>
    /// <param name="defaults">A command's own defaults, weaker than all of these.</param>
    /// <exception cref="SettingsFileException">A file is missing or is not JSON.</exception>
    public static IConfigurationRoot Build(string? configFile, IEnumerable<KeyValuePair<string, string?>> commandLine, IDictionary? environment = null,
        IEnumerable<KeyValuePair<string, string?>>? defaults = null)
    {
        environment ??= Environment.GetEnvironmentVariables();
        var builder = new ConfigurationBuilder();
        builder.Add(new MemoryConfigurationSource { InitialData = defaults ?? [] });
        AddFile(builder, Path.Combine(AppContext.BaseDirectory, "appsettings.json"), required: false);
        if (!SamePath(Environment.CurrentDirectory, AppContext.BaseDirectory)) AddFile(builder, Path.GetFullPath("appsettings.json"), required: false);
        if (EnvironmentName(environment) is { Length: > 0 } name) AddFile(builder, Path.GetFullPath($"appsettings.{name}.json"), required: false);
        if (configFile is not null) AddFile(builder, Path.GetFullPath(configFile), required: true);
        builder.Add(new MemoryConfigurationSource { InitialData = FromEnvironment(environment) });
        // A key that is given twice means its last value, as everywhere on a command line.
        builder.Add(new MemoryConfigurationSource { InitialData = commandLine.GroupBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).Select(same => same.Last()) });
        return builder.Build();
    }

    /// <summary>Variables that set an option, or look as if they were meant to: <c>Kafka__BootstrapServers</c> → <c>Kafka:BootstrapServers</c>.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> FromEnvironment(IDictionary environment)
    {
        foreach (DictionaryEntry variable in environment)
        {
            var key = ((string)variable.Key).Replace("__", ":", StringComparison.Ordinal);
            if (key.Contains(':', StringComparison.Ordinal) && UnknownKeys.LooksLikeOurs(key, SettingsCatalog.Sections))
                yield return new(key, (string?)variable.Value);
        }
    }

    private static void AddFile(ConfigurationBuilder builder, string path, bool required)
    {
        if (!File.Exists(path))
        {
            if (required) throw new SettingsFileException($"--config: the file {path} does not exist.");
            return;
        }

        try
        {
            var file = new ConfigurationBuilder().AddJsonFile(path, optional: false).Build();
            builder.Add(new MemoryConfigurationSource { InitialData = file.AsEnumerable().Where(pair => pair.Value is not null) });
        }
        catch (InvalidDataException e)
        {
            throw new SettingsFileException($"{path}: {e.InnerException?.Message ?? e.Message}", e);
        }
    }

    private static string? EnvironmentName(IDictionary environment) => (environment["DOTNET_ENVIRONMENT"] ?? environment["ASPNETCORE_ENVIRONMENT"]) as string;

    private static bool SamePath(string left, string right) => Path.TrimEndingDirectorySeparator(left) == Path.TrimEndingDirectorySeparator(right);
}
