using Streaming.Contracts;

namespace Streaming.Host.Demo.Storefront;

/// <summary>
/// The newest list of everybody who is in the shop front, as it was read from Kafka, and what became of their latest events. Whoever came least lately is forgotten when there are
/// too many. Safe from any thread.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="most">Most visitors remembered, from 1.</param>
internal sealed class ShopVisitors(TimeProvider time, int most = ShopVisitors.Most)
{
    /// <summary>Visitors remembered at a time.</summary>
    public const int Most = 200;

    private const int EventsKept = 16, Burst = 20, PerSecond = 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _latestFirst = [];

    /// <summary>Visitors remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    /// <summary>Key of a known user or guest: their ids may be the same text.</summary>
    public static string KeyOf(string? userId, string? anonymousId) => userId is not null ? "u:" + userId : "a:" + anonymousId;

    /// <summary>True where a visitor may send one more event now.</summary>
    public bool MaySend(string visitor)
    {
        lock (_lock) return Remember(visitor).Bucket.TryTake();
    }

    /// <summary>An event is about to be handed to Kafka: a list may answer it before the broker's acknowledgement was seen.</summary>
    public void Sent(string visitor, TracedEvent traced)
    {
        lock (_lock)
        {
            var events = Remember(visitor).Events;
            events.Add(traced);
            if (events.Count > EventsKept) events.RemoveAt(0);
        }
    }

    /// <summary>The broker has an event.</summary>
    /// <returns>The event, as it is known by now; null where it was forgotten.</returns>
    public TracedEvent? Acknowledged(string visitor, string eventId, long nowMs)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(visitor, out var entry)) return null;
            var at = entry.Events.FindIndex(e => e.EventId == eventId);
            return at < 0 ? null : entry.Events[at] = entry.Events[at] with { AcknowledgedMs = nowMs };
        }
    }

    /// <summary>A list was read from the topic. Its time is that of the last event in it: it answers each of the visitor's events up to then.</summary>
    public void Listed(Recommendation recommendation, long nowMs)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(KeyOf(recommendation.UserId, recommendation.AnonymousId), out var entry)) return;
            entry.Newest = ShopList.Of(recommendation);
            for (var i = 0; i < entry.Events.Count; i++)
            {
                if (entry.Events[i] is { ListedMs: null } waiting && waiting.OccurredAt <= recommendation.OccurredAt)
                    entry.Events[i] = waiting with { ListedMs = nowMs, RecommendationId = recommendation.RecommendationId };
            }

            entry.Change();
        }
    }

    /// <summary>What is known of a visitor, who is remembered from now on.</summary>
    public VisitorView Read(string visitor)
    {
        lock (_lock)
        {
            var entry = Remember(visitor);
            return new VisitorView(entry.Newest, [.. entry.Events], entry.Changed);
        }
    }

    private Entry Remember(string visitor)
    {
        if (_entries.TryGetValue(visitor, out var entry))
        {
            _latestFirst.Remove(entry.Place);
            _latestFirst.AddFirst(entry.Place);
            return entry;
        }

        if (_entries.Count >= most)
        {
            var last = _latestFirst.Last!.Value;
            _latestFirst.RemoveLast();
            _entries.Remove(last.Key);
            last.Change();
        }

        entry = new Entry(visitor, new TokenBucket(Burst, PerSecond, time));
        _latestFirst.AddFirst(entry.Place);
        return _entries[visitor] = entry;
    }

    private sealed class Entry
    {
        private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Entry(string key, TokenBucket bucket)
        {
            Key = key;
            Bucket = bucket;
            Place = new LinkedListNode<Entry>(this);
        }

        public string Key { get; }
        public TokenBucket Bucket { get; }
        public LinkedListNode<Entry> Place { get; }
        public List<TracedEvent> Events { get; } = [];
        public ShopList? Newest { get; set; }
        public Task Changed => _change.Task;

        public void Change()
        {
            _change.SetResult();
            _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

/// <summary>What is known of a visitor.</summary>
/// <param name="Newest">Newest list read from the topic since the visitor is remembered, or null.</param>
/// <param name="Events">Their latest events, oldest first.</param>
/// <param name="Changed">Ends when there is a newer list, or the visitor is forgotten.</param>
internal sealed record VisitorView(ShopList? Newest, IReadOnlyList<TracedEvent> Events, Task Changed);
