using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Streaming.Faults.Net;

/// <summary>
/// Stands between Kafka clients and a broker. It knows the requests that end a transaction: one that is chosen is held back, the client may lose its connection meanwhile, and
/// the broker gets it later all the same, as when a packet waited in a router.
/// </summary>
internal sealed class EndTxnProxy : IAsyncDisposable
{
    private const short EndTxn = 26;
    private const int MaxFrameBytes = 64 * 1024 * 1024;
    private readonly TcpListener _listener;
    private readonly IPEndPoint _broker;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Hold> _wanted = new();
    private readonly ConcurrentDictionary<Task, bool> _running = [];
    private readonly Task _accepting;
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

    /// <summary>Holds the next commit back.</summary>
    public Hold HoldNext(TimeSpan time, bool cutsClient)
    {
        var hold = new Hold(time, cutsClient);
        _wanted.Enqueue(hold);
        return hold;
    }

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
        var answers = AnswersAsync(toBroker, toClient);
        try
        {
            await RequestsAsync(toClient, toBroker);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or EndOfStreamException)
        {
            // The client went away; what is held was sent by then.
            _ = e;
        }

        toBroker.Client.Shutdown(SocketShutdown.Send);
        await answers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RequestsAsync(TcpClient client, TcpClient broker)
    {
        var from = client.GetStream();
        var to = broker.GetStream();
        var head = new byte[4];
        while (true)
        {
            await from.ReadExactlyAsync(head, _stop.Token);
            var length = BinaryPrimitives.ReadInt32BigEndian(head);
            if (length is < 8 or > MaxFrameBytes) throw new IOException($"a frame of {length} bytes");
            var frame = new byte[4 + length];
            head.CopyTo(frame, 0);
            await from.ReadExactlyAsync(frame.AsMemory(4), _stop.Token);
            if (BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(4)) == EndTxn)
            {
                Interlocked.Increment(ref _seen);
                var request = EndTxnRequest.Parse(frame);
                if (request.IsCommit && _wanted.TryDequeue(out var hold))
                {
                    hold.Begin(request);
                    if (hold.CutsClient) client.Close();
                    await Task.Delay(hold.Time, _stop.Token);
                    await to.WriteAsync(frame, _stop.Token);
                    hold.Release();
                    continue;
                }
            }

            await to.WriteAsync(frame, _stop.Token);
        }
    }

    // Until the broker is done: answers for a client that is gone are read and dropped, so that the broker closes nothing early.
    private async Task AnswersAsync(TcpClient broker, TcpClient client)
    {
        var buffer = new byte[64 * 1024];
        var from = broker.GetStream();
        while (await from.ReadAsync(buffer, _stop.Token) is var count && count > 0)
        {
            try
            {
                if (client.Connected) await client.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                _ = e; // gone; go on reading
            }
        }

        client.Close();
    }
}
