using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Streaming.Faults.Net;

/// <summary>
/// Stands between Kafka clients and a broker. It knows the requests that end a transaction: one that is chosen is held back, the client may lose its connection meanwhile, and
/// the broker gets it later all the same, as when a packet waited in a router. How far the client had gone on by then is noted, and what the broker answers. Of another the answer is swallowed.
/// </summary>
internal sealed class EndTxnProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly IPEndPoint _broker;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Hold> _wanted = new();
    private readonly ConcurrentQueue<LostReply> _unheard = new();
    private readonly ConcurrentDictionary<Hold, EndTxnRequest> _held = [];
    private readonly ConcurrentDictionary<Task, bool> _running = [];
    private readonly Task _accepting;
    private volatile string? _unreadable;
    private int _seen;

    public EndTxnProxy(int port, int brokerPort)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _broker = new IPEndPoint(IPAddress.Loopback, brokerPort);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Requests to end a transaction that came by.</summary>
    public int Seen => Volatile.Read(ref _seen);

    /// <summary>The last frame that could not be read; null where all could.</summary>
    public string? Unreadable => _unreadable;

    /// <summary>Which epochs the clients have.</summary>
    public ProducerEpochs Epochs { get; } = new();

    /// <summary>Holds the next commit back.</summary>
    public Hold HoldNext(TimeSpan time, bool cutsClient)
    {
        var hold = new Hold(time, cutsClient);
        _wanted.Enqueue(hold);
        return hold;
    }

    /// <summary>Swallows the broker's answer to the next commit.</summary>
    public LostReply LoseNextReply(bool cutsClient)
    {
        var lost = new LostReply(cutsClient);
        _unheard.Enqueue(lost);
        return lost;
    }

    /// <summary>A commit goes to the broker: whether its answer is to be swallowed, or null.</summary>
    public LostReply? Unheard(EndTxnRequest request)
    {
        if (!request.IsCommit || !_unheard.TryDequeue(out var lost)) return null;
        lost.Begin(request);
        return lost;
    }

    /// <summary>A request to end a transaction comes by: the hold that it is for, or null.</summary>
    public Hold? Meet(EndTxnRequest request)
    {
        Interlocked.Increment(ref _seen);
        foreach (var (held, earlier) in _held)
        {
            if (request.IsOfSameEpoch(earlier)) held.Repeat();
        }

        if (!request.IsCommit || !_wanted.TryDequeue(out var hold)) return null;
        _held[hold] = request;
        hold.Begin(request);
        return hold;
    }

    /// <summary>A hold is over.</summary>
    public void Forget(Hold hold) => _held.TryRemove(hold, out _);

    /// <summary>A connection ended because a frame could not be read.</summary>
    public void Report(string unreadable) => _unreadable = unreadable;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            var task = ServeAsync(client);
            _running[task] = true;
            _ = task.ContinueWith(t => _running.TryRemove(t, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var toClient = client;
        using var toBroker = new TcpClient();
        await toBroker.ConnectAsync(_broker, _stop.Token);
        (toClient.NoDelay, toBroker.NoDelay) = (true, true);
        await new EndTxnConnection(this, toClient, toBroker).RunAsync(_stop.Token);
    }
}
