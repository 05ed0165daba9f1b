using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Streaming.Host.Bench;

/// <summary>One connection that is kept open and one GET at a time over it, on the caller's thread: less noise than a client with a pool and tasks.</summary>
internal sealed class KeepAliveClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = (int)Patience.TotalMilliseconds, SendTimeout = (int)Patience.TotalMilliseconds };
    private readonly string _host;
    private byte[] _buffer = new byte[64 * 1024];

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">Nobody listens.</exception>
    public KeepAliveClient(Uri server)
    {
        _host = server.Authority;
        Try(() => _socket.Connect(server.Host, server.Port));
    }

    /// <summary>The request for a path.</summary>
    public byte[] Request(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {_host}\r\n\r\n");

    /// <summary>Sends a request and reads its whole answer.</summary>
    /// <returns>Status code and length of the content.</returns>
    /// <exception cref="IOException">The connection broke, or the answer has no length.</exception>
    public (int Status, int Length) Get(ReadOnlySpan<byte> request)
    {
        Send(request);
        var (have, head) = (0, -1);
        while (head < 0)
        {
            have += Receive(have);
            head = _buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8);
        }

        var length = Length(_buffer.AsSpan(0, head + 2));
        for (var end = head + 4 + length; have < end;) have += Receive(have);
        if (!Utf8Parser.TryParse(_buffer.AsSpan("HTTP/1.1 ".Length, 3), out int status, out _)) throw new IOException("the answer is not HTTP/1.1");
        return (status, length);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static int Length(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var at = head.IndexOf(name);
        if (at < 0 || !Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _)) throw new IOException("an answer came without its length");
        return length;
    }

    private void Send(ReadOnlySpan<byte> request)
    {
        try
        {
            while (!request.IsEmpty) request = request[_socket.Send(request)..];
        }
        catch (SocketException e)
        {
            throw new IOException($"{_host}: {e.Message}", e);
        }
    }

    private int Receive(int at)
    {
        if (at == _buffer.Length) Array.Resize(ref _buffer, at * 2);
        var got = 0;
        Try(() => got = _socket.Receive(_buffer.AsSpan(at)));
        return got > 0 ? got : throw new IOException($"{_host} closed the connection");
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (SocketException e)
        {
            throw new IOException($"{_host}: {e.Message}", e);
        }
    }
}
