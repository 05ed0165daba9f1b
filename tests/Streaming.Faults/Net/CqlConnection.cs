using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Streaming.Faults.Net;

/// <summary>One connection of a client through the proxy to the node.</summary>
internal sealed class CqlConnection(CqlProxy proxy, TcpClient client, TcpClient node)
{
    private readonly DelayLine _toNode = new(node.GetStream(), () => proxy.Latency / 2), _toClient = new(client.GetStream(), () => proxy.Latency / 2);
    private readonly ConcurrentDictionary<short, (CqlFate Fate, CqlRequest Request)> _pending = [];

    /// <summary>Serves it until both ends are gone. What a client sent before it went reaches the node.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(
            PumpAsync(client.GetStream(), RequestAsync, _toNode, cancellation),
            PumpAsync(node.GetStream(), ReplyAsync, _toClient, cancellation),
            DeliverAsync(_toNode, node, cancellation),
            DeliverAsync(_toClient, client, cancellation));

    private static async Task PumpAsync(NetworkStream from, Func<CqlFrame, CancellationToken, ValueTask> take, DelayLine to, CancellationToken cancellation)
    {
        try
        {
            while (true) await take(await CqlFrame.ReadAsync(from, cancellation), cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            _ = e; // this end is gone
        }
        finally
        {
            to.Complete();
        }
    }

    // Closed on the far side only once everything arrived there.
    private static async Task DeliverAsync(DelayLine line, TcpClient to, CancellationToken cancellation)
    {
        await line.RunAsync(cancellation);
        to.Close();
    }

    private async ValueTask RequestAsync(CqlFrame frame, CancellationToken cancellation)
    {
        var request = CqlRequest.Parse(frame, proxy.Statements);
        var fate = proxy.Decide(request);
        switch (fate)
        {
            case CqlFate.LostUnanswered:
                return;
            case CqlFate.LostTimedOut:
                await _toClient.SendAsync(frame.Reply(CqlFrame.Error, CqlErrors.WriteTimeout(request.IsBatch)), cancellation);
                return;
            case CqlFate.Refused:
                await _toClient.SendAsync(frame.Reply(CqlFrame.Error, request.IsRead ? CqlErrors.ReadFailure() : CqlErrors.WriteFailure(request.IsBatch)), cancellation);
                return;
            case CqlFate.ServerError:
                await _toClient.SendAsync(frame.Reply(CqlFrame.Error, CqlErrors.ServerError()), cancellation);
                return;
            case CqlFate.Overloaded:
                await _toClient.SendAsync(frame.Reply(CqlFrame.Error, CqlErrors.Overloaded()), cancellation);
                return;
            case CqlFate.TooLarge:
                await _toClient.SendAsync(frame.Reply(CqlFrame.Error, CqlErrors.TooLarge()), cancellation);
                return;
            default:
                if (fate != CqlFate.Pass || request.OpCode == CqlFrame.Prepare) _pending[frame.Stream] = (fate, request);
                await _toNode.SendAsync(frame, cancellation);
                return;
        }
    }

    private ValueTask ReplyAsync(CqlFrame reply, CancellationToken cancellation)
    {
        if (!_pending.TryRemove(reply.Stream, out var pending)) return _toClient.SendAsync(reply, cancellation);
        var (fate, request) = pending;
        if (request.OpCode == CqlFrame.Prepare) proxy.Statements.Learn(request.Text, reply);
        return fate switch
        {
            CqlFate.AppliedUnanswered => ValueTask.CompletedTask,
            CqlFate.AppliedTimedOut => _toClient.SendAsync(reply.Reply(CqlFrame.Error, CqlErrors.WriteTimeout(request.IsBatch)), cancellation),
            CqlFate.Older when request.Question is { } question && proxy.Older is { } older && reply is { OpCode: CqlFrame.Result, HasExtras: false } =>
                _toClient.SendAsync(reply.Reply(CqlFrame.Result, older.Answer(question, reply.Body)), cancellation),
            _ => _toClient.SendAsync(reply, cancellation),
        };
    }
}
