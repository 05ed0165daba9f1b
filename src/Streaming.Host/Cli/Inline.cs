namespace Streaming.Host.Cli;

/// <summary>Reports at once, on the caller's thread: lines stay in order, and none comes after the result.</summary>
/// <param name="report">Takes a report.</param>
internal sealed class Inline<T>(Action<T> report) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => report(value);
}
