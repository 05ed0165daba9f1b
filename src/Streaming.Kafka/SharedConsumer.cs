using Microsoft.Extensions.Logging;

namespace Streaming.Kafka;

/// <summary>
/// One consumer client that many shards share, and its replacement: after a broker that stood still for a minute librdkafka's client may never find its way back, where a fresh one does at
/// once. While the client finds no broker, a fresh one is tried now and then; once that one is answered it takes the place, and shards move to it at their next take-over.
/// </summary>
internal sealed class SharedConsumer : IDisposable
{
    private const int MinStalledAfterMs = ConsumerClient.CalmStalledAfterMs, MaxStalledAfterMs = 80_000;
    private readonly Func<ConsumerClient> _open;
    private readonly string _role;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private Lease _current;
    private int _stalledAfterMs = MinStalledAfterMs;
    private bool _disposed;

    public SharedConsumer(string role, ILogger logger, Func<ConsumerClient> open)
    {
        (_role, _logger, _open) = (role, logger, open);
        _current = new Lease(Open());
    }

    /// <summary>The client of now, held until it is given back.</summary>
    public Lease Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _current.Users++;
            return _current;
        }
    }

    /// <summary>True where a fresh client took the place of the one held.</summary>
    public bool IsReplaced(Lease lease)
    {
        lock (_lock) return lease != _current;
    }

    /// <summary>Gives a client back; one that was replaced is closed with its last user.</summary>
    public void Return(Lease lease)
    {
        lock (_lock)
        {
            lease.Users--;
            if (lease == _current && !_disposed) return;
            if (lease.Users > 0) return;
        }

        Close(lease.Client);
    }

    /// <summary>Closes the client of now; its users must be gone.</summary>
    public void Dispose()
    {
        Lease last;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            last = _current;
            if (last.Users > 0) return; // closed with its last user
        }

        last.Client.Dispose();
    }

    private ConsumerClient Open()
    {
        var client = _open();
        client.IsLost = () => TryReplace(client);
        client.StalledAfterMs = _stalledAfterMs;
        return client;
    }

    // On the polling thread of the client that finds no broker: it has nothing to do meanwhile.
    private void TryReplace(ConsumerClient lost)
    {
        lock (_lock)
        {
            if (_disposed || _current.Client != lost) return;
        }

        var fresh = Open();
        if (!fresh.IsAnsweredWhere(lost) || lost.IsAnsweredAfterAll())
        {
            fresh.Dispose();
            return;
        }

        lock (_lock)
        {
            if (!_disposed && _current.Client == lost)
            {
                var isUnused = _current.Users == 0;
                // A broker that answers slowly looks the same: each client in a row is given longer.
                _stalledAfterMs = lost is { IsStalled: true, IsCalm: false } ? Math.Min(MaxStalledAfterMs, _stalledAfterMs * 2) : MinStalledAfterMs;
                fresh.StalledAfterMs = _stalledAfterMs;
                _current = new Lease(fresh);
                lost.GiveUpReaders();
                KafkaMetrics.ClientReplaced(_role);
                KafkaLog.ClientReplaced(_logger, _role);
                if (isUnused) Close(lost);
                return;
            }
        }

        fresh.Dispose();
    }

    // Apart: a client that lost its way may take long to end, and ends its own polling thread.
    private static void Close(ConsumerClient client) => new Thread(client.Dispose) { IsBackground = true, Name = "kafka-close" }.Start();

    /// <summary>A client and how many hold it.</summary>
    internal sealed class Lease(ConsumerClient client)
    {
        public ConsumerClient Client { get; } = client;

        internal int Users { get; set; }
    }
}
