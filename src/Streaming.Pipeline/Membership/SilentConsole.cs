using Akka.Event;

namespace Streaming.Pipeline.Membership;

/// <summary>The framework's console before its loggers run and after they stopped: standard output belongs to the program's results.</summary>
internal sealed class SilentConsole : MinimalLogger
{
    protected override void Log(object message) { }
}
