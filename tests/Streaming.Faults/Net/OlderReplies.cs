namespace Streaming.Faults.Net;

/// <summary>
/// Answers a question as a replica would that missed the writes since it was last asked: with the reply of then, a random number of times in a row, before it catches up.
/// </summary>
/// <param name="seed">Decides how often.</param>
/// <param name="mostInARow">Most older replies to one question in a row.</param>
internal sealed class OlderReplies(int seed, int mostInARow)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, (byte[] Body, int Left)> _remembered = new(StringComparer.Ordinal);
    private int _given;

    /// <summary>Replies that were older than the node's own.</summary>
    public int Given => Volatile.Read(ref _given);

    /// <summary>The reply to give.</summary>
    public byte[] Answer(string question, ReadOnlySpan<byte> body)
    {
        lock (_lock)
        {
            if (_remembered.TryGetValue(question, out var old) && !old.Body.AsSpan().SequenceEqual(body))
            {
                if (old.Left > 0)
                {
                    _remembered[question] = (old.Body, old.Left - 1);
                    Interlocked.Increment(ref _given);
                    return old.Body;
                }
            }
            else if (old.Body is not null)
            {
                return old.Body;
            }

            var now = body.ToArray();
            _remembered[question] = (now, _random.Next(0, mostInARow + 1));
            return now;
        }
    }
}
