using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Microsoft.Extensions.Logging;

namespace Streaming.Pipeline.Membership;

/// <summary>Writes the framework's log to the program's loggers, source and text apart, without a second clock and thread in every line.</summary>
internal sealed class FrameworkLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILogger _logger;

    public FrameworkLogger()
    {
        // Absent in tools that only look at the configuration: then there is nobody to tell.
        var loggers = Context.System.Settings.Setup.Get<FrameworkLoggerSetup>();
        _logger = loggers.HasValue ? loggers.Value.Loggers.CreateLogger("Akka") : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    private void Write(LogEvent line)
    {
        var level = LevelOf(line);
        if (!_logger.IsEnabled(level)) return;
        var text = line.Message.ToString() ?? "";
        PipelineLog.Framework(_logger, level, line.Cause, line.LogSource, text);
    }

    private static Microsoft.Extensions.Logging.LogLevel LevelOf(LogEvent line) => line switch
    {
        // The transport calls every connection that ends an error (of a type of its own, hence the name); whether a member is lost is told by the membership.
        Error { Cause: { } cause } when cause.GetType().Name == "EndpointDisassociatedException" => Microsoft.Extensions.Logging.LogLevel.Debug,
        Error => Microsoft.Extensions.Logging.LogLevel.Error,
        Warning => Microsoft.Extensions.Logging.LogLevel.Warning,
        Info => Microsoft.Extensions.Logging.LogLevel.Information,
        _ => Microsoft.Extensions.Logging.LogLevel.Debug,
    };
}
