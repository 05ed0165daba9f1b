using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Streaming.Faults.Net;

/// <summary>Stands between the engine and a Cassandra node, understands requests, and does to each what is decided.</summary>
internal sealed class CqlProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly IPEndPoint _node;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _running = [];
    private readonly Task _accepting;
    private Func<CqlRequest, CqlFate> _decide = static _ => CqlFate.Pass;
    private long _latencyTicks;

    /// <summary>Begins to listen.</summary>
    /// <param name="port">Its own port.</param>
    /// <param name="nodePort">Port of the node, on the loopback.</param>
    /// <param name="address">Its own address; null: the loopback's.</param>
    public CqlProxy(int port, int nodePort, string? address = null)
    {
        _listener = new TcpListener(address is null ? IPAddress.Loopback : IPAddress.Parse(address), port);
        _node = new IPEndPoint(IPAddress.Loopback, nodePort);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What becomes of a request; called for many at once.</summary>
    public Func<CqlRequest, CqlFate> Decide
    {
        get => Volatile.Read(ref _decide);
        set => Volatile.Write(ref _decide, value);
    }

    /// <summary>Time by which every round trip takes longer, half of it each way.</summary>
    public TimeSpan Latency
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _latencyTicks));
        set => Interlocked.Exchange(ref _latencyTicks, value.Ticks);
    }

    /// <summary>Replies that may be given again.</summary>
    public OlderReplies? Older { get; init; }

    /// <summary>Statements prepared through it.</summary>
    public CqlStatements Statements { get; } = new();

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
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(_node, _stop.Token);
        }
        catch (SocketException)
        {
            return; // the node is down: the client sees its connection closed
        }

        await new CqlConnection(this, near, far).RunAsync(_stop.Token);
    }
}
