using Microsoft.Extensions.Logging.Console;
using Streaming.Host.Settings;

namespace Streaming.Host.Engine;

/// <summary>Logging of the process: to standard error, levels from the settings' <c>Logging</c> section.</summary>
internal static class Logging
{
    /// <summary>Logs to standard error.</summary>
    public static ILoggerFactory ToStandardError(SettingsSnapshot settings) => LoggerFactory.Create(builder =>
    {
        builder.AddConfiguration(settings.Configuration.GetSection("Logging"));
        builder.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // a start that fails is thrown and told once, without a stack trace
        builder.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    });

    /// <summary>Logs each line to a receiver.</summary>
    public static ILoggerFactory To(Action<string> receive, LogLevel least) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(least);
        builder.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.AddProvider(new LineLoggerProvider(receive));
    });
}
