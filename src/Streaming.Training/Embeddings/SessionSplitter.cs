using Streaming.Contracts;
using Streaming.Training.History;

namespace Streaming.Training.Embeddings;

/// <summary>Cuts a history into sessions as Fold does: another session id, or silence longer than the gap.</summary>
public static class SessionSplitter
{
    /// <summary>Sessions with at least one item, in the order of their end.</summary>
    /// <param name="events">Ordered by time.</param>
    /// <param name="gap">Silence that ends a session.</param>
    public static IEnumerable<ItemSession> Split(IReadOnlyList<TrainingEvent> events, TimeSpan gap)
    {
        var open = new Dictionary<(string, bool), Open>();
        foreach (var e in events)
        {
            if (e.ItemId is null || e.Type is not (EventType.View or EventType.Click or EventType.AddToCart or EventType.Wishlist or EventType.Purchase)) continue;
            var user = (e.UserId, e.IsGuest);
            if (open.TryGetValue(user, out var session) && (e.AtMs - session.LastMs > (long)gap.TotalMilliseconds || (session.Id is not null && e.SessionId is not null && session.Id != e.SessionId)))
            {
                yield return session.Close();
                session = null;
            }

            if (session is null) open[user] = session = new Open(e.AtMs);
            session.Add(e);
        }

        foreach (var session in open.Values) yield return session.Close();
    }

    private sealed class Open(long startMs)
    {
        private readonly long _startMs = startMs;
        private readonly List<string> _items = [];
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        public long LastMs { get; private set; } = startMs;

        public string? Id { get; private set; }

        public void Add(in TrainingEvent e)
        {
            LastMs = e.AtMs;
            Id ??= e.SessionId;
            if (_seen.Add(e.ItemId!)) _items.Add(e.ItemId!);
        }

        public ItemSession Close() => new(_items, LastMs > _startMs);
    }
}
