namespace Streaming.Host.Engine;

/// <summary>A logger whose lines a terminal page shows.</summary>
/// <param name="receive">Takes one line.</param>
internal sealed class LineLoggerProvider(Action<string> receive) : ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(receive);

    /// <inheritdoc/>
    public void Dispose() { }

    private sealed class LineLogger(Action<string> receive) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            receive(exception is null ? formatter(state, exception) : $"{formatter(state, exception)} ({exception.Message})");
    }
}
