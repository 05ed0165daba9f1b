using Akka.Actor.Setup;
using Microsoft.Extensions.Logging;

namespace Streaming.Pipeline.Membership;

/// <summary>Hands the program's loggers to <see cref="FrameworkLogger"/>.</summary>
internal sealed class FrameworkLoggerSetup(ILoggerFactory loggers) : Setup
{
    /// <summary>The program's loggers.</summary>
    public ILoggerFactory Loggers => loggers;
}
