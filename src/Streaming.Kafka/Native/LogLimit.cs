using Microsoft.Extensions.Logging;

namespace Streaming.Kafka.Native;

/// <summary>Keeps a client that tries to connect ten times a second from filling the log: of each facility's lines of a level the first few of a while, and how many were left out. From any thread.</summary>
/// <param name="time">Clock.</param>
internal sealed class LogLimit(TimeProvider time)
{
    private const int MaxLines = 5;
    private static readonly TimeSpan While = TimeSpan.FromSeconds(10);
    private readonly Dictionary<(LogLevel Level, string Facility), (long SinceTimestamp, int Lines, int LeftOut)> _facilities = [];

    /// <summary>Whether a line is to be written, and how many of its kind were left out before it.</summary>
    public bool Lets(LogLevel level, string facility, out int leftOut)
    {
        leftOut = 0;
        lock (_facilities)
        {
            var now = time.GetTimestamp();
            if (!_facilities.TryGetValue((level, facility), out var seen) || time.GetElapsedTime(seen.SinceTimestamp, now) >= While)
            {
                leftOut = seen.LeftOut;
                _facilities[(level, facility)] = (now, 1, 0);
                return true;
            }

            var lets = seen.Lines < MaxLines;
            _facilities[(level, facility)] = lets ? seen with { Lines = seen.Lines + 1 } : seen with { LeftOut = seen.LeftOut + 1 };
            return lets;
        }
    }
}
