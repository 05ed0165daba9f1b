using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Streaming.Kafka.Tests;

/// <summary>What <see cref="StartingBroker"/> says.</summary>
internal enum BrokerMood
{
    /// <summary>It leads every partition, and all of them are empty.</summary>
    Serves,

    /// <summary>As one that has just started: it knows the topics, and neither a broker nor a leader.</summary>
    Starts,

    /// <summary>It tells of itself as ever, and never answers where a partition ends.</summary>
    IsMute,
}

/// <summary>The only broker of a cluster, as far as clients see one: it speaks just enough of Kafka's protocol for a client to read an empty partition and to write to it.</summary>
internal sealed class StartingBroker : IAsyncDisposable
{
    private const short Produce = 0, Fetch = 1, ListOffsets = 2, Metadata = 3, ApiVersions = 18, InitProducerId = 22, LeaderNotAvailable = 5;
    private static readonly (short Api, short Min, short Max)[] Versions = [(Produce, 3, 3), (Fetch, 4, 4), (ListOffsets, 1, 1), (Metadata, 4, 4), (ApiVersions, 0, 3), (InitProducerId, 0, 1)];
    private readonly int _port;
    private readonly ConcurrentDictionary<TcpClient, bool> _clients = [];
    private TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private Task _accepting;
    private volatile BrokerMood _mood;
    private int _told, _written;

    public StartingBroker()
    {
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>How clients reach it.</summary>
    public string BootstrapServers => $"127.0.0.1:{_port}";

    /// <summary>How it answers from now on.</summary>
    public BrokerMood Mood
    {
        set
        {
            _mood = value;
            Volatile.Write(ref _told, 0);
        }
    }

    /// <summary>How often it told of the cluster since its mood changed.</summary>
    public int Told => Volatile.Read(ref _told);

    /// <summary>Batches written to it.</summary>
    public int Written => Volatile.Read(ref _written);

    /// <summary>Breaks every connection, takes none for a while, and comes back in a mood.</summary>
    public async Task RestartAsync(TimeSpan away, BrokerMood mood)
    {
        _listener.Stop();
        await _accepting;
        foreach (var socket in _clients.Keys) socket.Close();
        await Task.Delay(away, _stop.Token);
        Mood = mood;
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var listener = _listener;
        while (true)
        {
            try
            {
                _serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(_stop.Token)));
            }
            catch (SocketException) when (listener.Server.IsBound)
            {
                // a client that is gone before it was let in
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return; // the broker goes
            }
        }
    }

    private async Task ServeAsync(TcpClient socket)
    {
        using (socket)
        {
            _clients[socket] = true;
            try
            {
                var stream = socket.GetStream();
                var length = new byte[4];
                while (true)
                {
                    await stream.ReadExactlyAsync(length, _stop.Token);
                    var request = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
                    await stream.ReadExactlyAsync(request, _stop.Token);
                    if (await AnswerAsync(new Reader(request)) is { } answer) await stream.WriteAsync(answer, _stop.Token);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // the client is gone, or the broker
            }
            finally
            {
                _clients.TryRemove(socket, out _);
            }
        }
    }

    private async Task<byte[]?> AnswerAsync(Reader request)
    {
        var (api, version, correlation) = (request.Int16(), request.Int16(), request.Int32());
        _ = request.Text();
        var answer = new Writer();
        answer.Int32(0); // the length, set at the end
        answer.Int32(correlation);
        switch (api)
        {
            case ApiVersions:
                Tell(answer, version);
                break;
            case Metadata:
                TellCluster(request, answer);
                break;
            case ListOffsets when _mood == BrokerMood.IsMute:
                return null;
            case ListOffsets:
                request.Skip(4);
                EachPartition(request, answer, 8, () => { answer.Int64(-1); answer.Int64(0); });
                break;
            case Fetch:
                await Task.Delay(50, _stop.Token);
                request.Skip(17);
                answer.Int32(0);
                EachPartition(request, answer, 12, () => { answer.Int64(0); answer.Int64(0); answer.Int32(-1); answer.Int32(0); });
                break;
            case InitProducerId:
                answer.Int32(0);
                answer.Int16(0);
                answer.Int64(7);
                answer.Int16(0);
                break;
            case Produce:
                _ = request.Text();
                request.Skip(6);
                EachPartition(request, answer, -1, () => { answer.Int64(0); answer.Int64(-1); });
                answer.Int32(0);
                Interlocked.Increment(ref _written);
                break;
            default:
                throw new InvalidOperationException($"API {api} was never offered.");
        }

        return answer.Framed();
    }

    private static void Tell(Writer answer, short version)
    {
        answer.Int16(0);
        if (version >= 3) answer.Byte((byte)(Versions.Length + 1));
        else answer.Int32(Versions.Length);
        foreach (var (api, min, max) in Versions)
        {
            answer.Int16(api);
            answer.Int16(min);
            answer.Int16(max);
            if (version >= 3) answer.Byte(0);
        }

        if (version >= 1) answer.Int32(0);
        if (version >= 3) answer.Byte(0);
    }

    private void TellCluster(Reader request, Writer answer)
    {
        var isStarting = _mood == BrokerMood.Starts;
        answer.Int32(0);
        answer.Int32(isStarting ? 0 : 1);
        if (!isStarting)
        {
            answer.Int32(1);
            answer.Text("127.0.0.1");
            answer.Int32(_port);
            answer.Int16(-1);
        }

        answer.Int16(-1);
        answer.Int32(isStarting ? -1 : 1);
        var topics = Math.Max(0, request.Int32());
        answer.Int32(topics);
        for (var i = 0; i < topics; i++)
        {
            answer.Int16(isStarting ? LeaderNotAvailable : (short)0);
            answer.Text(request.Text());
            answer.Byte(0);
            answer.Int32(1);
            answer.Int16(isStarting ? LeaderNotAvailable : (short)0);
            answer.Int32(0);
            answer.Int32(isStarting ? -1 : 1);
            for (var list = 0; list < 2; list++) // replicas, and those in sync
            {
                answer.Int32(1);
                answer.Int32(1);
            }
        }

        if (topics > 0) Interlocked.Increment(ref _told);
    }

    // Answers each partition asked for: its number, no error, and what the API says of it.
    private static void EachPartition(Reader request, Writer answer, int bytesAsked, Action tell)
    {
        var topics = request.Int32();
        answer.Int32(topics);
        for (var t = 0; t < topics; t++)
        {
            answer.Text(request.Text());
            var partitions = request.Int32();
            answer.Int32(partitions);
            for (var p = 0; p < partitions; p++)
            {
                answer.Int32(request.Int32());
                request.Skip(bytesAsked < 0 ? request.Int32() : bytesAsked);
                answer.Int16(0);
                tell();
            }
        }
    }

    private sealed class Reader(byte[] bytes)
    {
        private int _at;

        public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

        public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

        public string Text() => Int16() is var length and > 0 ? Encoding.UTF8.GetString(Take(length)) : "";

        public void Skip(int count) => Take(count);

        private ReadOnlySpan<byte> Take(int count) => bytes.AsSpan((_at += count) - count, count);
    }

    private sealed class Writer
    {
        private readonly List<byte> _bytes = [];

        public void Byte(byte value) => _bytes.Add(value);

        public void Int16(short value) => Add(value, 2);

        public void Int32(int value) => Add(value, 4);

        public void Int64(long value) => Add(value, 8);

        public void Text(string value)
        {
            Int16((short)Encoding.UTF8.GetByteCount(value));
            _bytes.AddRange(Encoding.UTF8.GetBytes(value));
        }

        public byte[] Framed()
        {
            var bytes = _bytes.ToArray();
            BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - 4);
            return bytes;
        }

        private void Add(long value, int size)
        {
            for (var shift = 8 * (size - 1); shift >= 0; shift -= 8) _bytes.Add((byte)(value >> shift));
        }
    }
}
