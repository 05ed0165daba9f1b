using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Streaming.Pipeline.Tests.Fakes;

/// <summary>Keeps every line and shows warnings and worse in the test's output.</summary>
internal sealed class TestLoggers(ITestOutputHelper output) : ILoggerFactory
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose() { }

    public void Write(string line)
    {
        line = $"{_clock.Elapsed.TotalSeconds,7:F2} {line}";
        Lines.Enqueue(line);
        output.WriteLine(line);
    }

    private sealed class Logger(TestLoggers loggers, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) loggers.Write($"{logLevel} {category}: {formatter(state, exception)} {exception}");
        }
    }
}
