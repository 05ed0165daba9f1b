using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Streaming.Faults.Net;

/// <summary>One connection of a client through the proxy to the broker.</summary>
internal sealed class EndTxnConnection(EndTxnProxy proxy, TcpClient client, TcpClient broker)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<int, Action<KafkaFrame>> _awaited = [];
    private readonly ConcurrentDictionary<int, (LostReply Lost, short Version)> _unheard = [];
    private Task _answers = Task.CompletedTask;

    /// <summary>Serves it until both ends are gone. What a client sent before it went reaches the broker.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        _answers = UntilGoneAsync(AnswersAsync(cancellation));
        await UntilGoneAsync(RequestsAsync(cancellation));
        await _answers;
    }

    private async Task UntilGoneAsync(Task pump)
    {
        try
        {
            await pump;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            _ = e; // this end is gone
        }
        catch (InvalidDataException e)
        {
            proxy.Report(e.Message);
            client.Close();
        }
    }

    private async Task RequestsAsync(CancellationToken cancellation)
    {
        var from = client.GetStream();
        var to = broker.GetStream();
        try
        {
            while (true)
            {
                var frame = await KafkaFrame.ReadAsync(from, KafkaFrame.RequestBytes, cancellation);
                if (frame.ApiKey == KafkaFrame.InitProducerId && InitProducerIdRequest.Parse(frame).TransactionalId is { } id)
                    _awaited[frame.RequestCorrelation] = answer => proxy.Epochs.Learn(id, InitProducerIdResponse.Parse(answer, frame.ApiVersion));
                else if (frame.ApiKey == KafkaFrame.EndTxn && EndTxnRequest.Parse(frame) is var request)
                {
                    if (proxy.Meet(request) is { } hold)
                    {
                        await HoldAsync(hold, request, frame, to, cancellation);
                        continue;
                    }

                    if (proxy.Unheard(request) is { } lost) _unheard[frame.RequestCorrelation] = (lost, frame.ApiVersion);
                }

                await to.WriteAsync(frame.Bytes, cancellation);
            }
        }
        finally
        {
            broker.Client.Shutdown(SocketShutdown.Send);
        }
    }

    private async Task HoldAsync(Hold hold, EndTxnRequest request, KafkaFrame frame, NetworkStream to, CancellationToken cancellation)
    {
        try
        {
            if (hold.CutsClient) client.Close();
            await Task.Delay(hold.Time, cancellation);
            _awaited[frame.RequestCorrelation] = answer => hold.End(EndTxnResponse.Parse(answer, frame.ApiVersion).ErrorCode);
            hold.Release(StateOf(hold, request));
            await to.WriteAsync(frame.Bytes, cancellation);
            // Before anything else goes this way: a broker that finds the connection closed may judge the request, but tells nobody.
            await Task.WhenAny(hold.Ended, _answers, Task.Delay(AnswerLimit, cancellation));
        }
        finally
        {
            hold.End(null);
            proxy.Forget(hold);
        }
    }

    private HeldState StateOf(Hold hold, EndTxnRequest request)
    {
        if (proxy.Epochs.IsOver(request)) return HeldState.NewerEpoch;
        if (hold.IsRepeated) return HeldState.Repeated;
        return !hold.CutsClient && IsClosed(client.Client) ? HeldState.Closed : HeldState.Awaited;
    }

    // Readable, and nothing there to read: the other end closed it.
    private static bool IsClosed(Socket socket) => socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;

    // Until the broker is done: answers for a client that is gone are read and dropped, so that the broker closes nothing early.
    private async Task AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            for (var from = broker.GetStream(); ;)
            {
                var frame = await KafkaFrame.ReadAsync(from, KafkaFrame.ResponseBytes, cancellation);
                if (_awaited.TryRemove(frame.ResponseCorrelation, out var learn)) learn(frame);
                if (_unheard.TryRemove(frame.ResponseCorrelation, out var unheard)) Swallow(unheard.Lost, EndTxnResponse.Parse(frame, unheard.Version).ErrorCode);
                else await ToClientAsync(frame, cancellation);
            }
        }
        finally
        {
            foreach (var unheard in _unheard.Values) unheard.Lost.End(null);
            client.Close();
        }
    }

    // The client is cut off before anybody hears that it was: who waits for the loss finds it done.
    private void Swallow(LostReply lost, short answer)
    {
        if (lost.CutsClient) client.Close();
        lost.End(answer);
    }

    private async ValueTask ToClientAsync(KafkaFrame frame, CancellationToken cancellation)
    {
        try
        {
            if (client.Connected) await client.GetStream().WriteAsync(frame.Bytes, cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // the other side is gone; what is left to read is read on
        }
    }
}
