using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Streaming.Faults.Net;

namespace Streaming.Integration.Tests.Faults;

/// <summary>What the proxy before the broker notes of a commit that it held back, against a broker that knows no more than epochs.</summary>
public sealed class EndTxnProxyTests
{
    // Longer than a busy machine needs for what happens meanwhile.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(3), Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Client_that_waits_has_not_given_up_and_gets_its_answer()
    {
        await using var broker = new EpochBroker();
        await using var proxy = broker.Proxy();
        using var client = proxy.Client();
        var hold = proxy.EndTxn.HoldNext(TimeSpan.FromMilliseconds(50), cutsClient: false);
        var answer = await client.AskAsync(EpochBroker.End(epoch: 0));
        Assert.Equal(KafkaErrors.None, EndTxnResponse.Parse(answer, 1).ErrorCode);
        Assert.Equal(new HeldOutcome(HeldState.Awaited, KafkaErrors.None), await hold.Ended.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Commit_released_after_a_newer_epoch_is_told_with_the_broker_s_refusal()
    {
        await using var broker = new EpochBroker();
        await using var proxy = broker.Proxy();
        using var cut = proxy.Client();
        var hold = proxy.EndTxn.HoldNext(Long, cutsClient: true);
        await cut.SendAsync(EpochBroker.End(epoch: 0));
        await hold.Begun.WaitAsync(Limit, TestContext.Current.CancellationToken);
        using var next = proxy.Client();
        Assert.Equal(1, InitProducerIdResponse.Parse(await next.AskAsync(EpochBroker.Init()), 1).Epoch);
        var outcome = await hold.Ended.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(new HeldOutcome(HeldState.NewerEpoch, 47), outcome);
        Assert.True(outcome.Counts);
    }

    [Fact]
    public async Task Commit_released_after_its_repetition_is_told_so()
    {
        await using var broker = new EpochBroker();
        await using var proxy = broker.Proxy();
        using var cut = proxy.Client();
        var hold = proxy.EndTxn.HoldNext(Long, cutsClient: true);
        await cut.SendAsync(EpochBroker.End(epoch: 0));
        await hold.Begun.WaitAsync(Limit, TestContext.Current.CancellationToken);
        using var again = proxy.Client();
        await again.AskAsync(EpochBroker.End(epoch: 0));
        Assert.Equal(new HeldOutcome(HeldState.Repeated, KafkaErrors.None), await hold.Ended.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal(2, proxy.EndTxn.Seen);
    }

    [Fact]
    public async Task Client_that_closed_its_connection_has_given_up_and_the_broker_judges_all_the_same()
    {
        await using var broker = new EpochBroker();
        await using var proxy = broker.Proxy();
        var hold = proxy.EndTxn.HoldNext(Long, cutsClient: false);
        using (var client = proxy.Client())
        {
            await client.SendAsync(EpochBroker.End(epoch: 0));
            await hold.Begun.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }

        Assert.Equal(new HeldOutcome(HeldState.Closed, KafkaErrors.None), await hold.Ended.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Cut_that_the_client_has_not_answered_by_anything_does_not_count()
    {
        await using var broker = new EpochBroker();
        await using var proxy = broker.Proxy();
        using var cut = proxy.Client();
        var hold = proxy.EndTxn.HoldNext(TimeSpan.FromMilliseconds(50), cutsClient: true);
        await cut.SendAsync(EpochBroker.End(epoch: 0));
        var outcome = await hold.Ended.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(new HeldOutcome(HeldState.Awaited, KafkaErrors.None), outcome);
        Assert.False(outcome.Counts);
    }

    [Fact]
    public async Task Commit_that_the_broker_does_not_answer_does_not_count()
    {
        await using var broker = new EpochBroker { ClosesInsteadOfEnding = true };
        await using var proxy = broker.Proxy();
        var hold = proxy.EndTxn.HoldNext(Long, cutsClient: false);
        using (var client = proxy.Client())
        {
            await client.SendAsync(EpochBroker.End(epoch: 0));
            await hold.Begun.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }

        var outcome = await hold.Ended.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(new HeldOutcome(HeldState.Closed, null), outcome);
        Assert.False(outcome.Counts);
    }

    [Fact]
    public async Task Answer_lost_with_the_connection_is_known_to_the_proxy_and_never_to_the_client()
    {
        await using var broker = new EpochBroker();
        await using var proxy = broker.Proxy();
        var lost = proxy.EndTxn.LoseNextReply(cutsClient: true);
        using var client = proxy.Client();
        await client.SendAsync(EpochBroker.End(epoch: 0));
        await Assert.ThrowsAnyAsync<IOException>(client.AnswerAsync);
        Assert.Equal(KafkaErrors.None, await lost.Lost.WaitAsync(Limit, TestContext.Current.CancellationToken));
        using var again = proxy.Client();
        Assert.Equal(KafkaErrors.None, EndTxnResponse.Parse(await again.AskAsync(EpochBroker.End(epoch: 0)), 1).ErrorCode); // the next one is heard
    }

    [Fact]
    public async Task Answer_lost_in_silence_leaves_the_connection_and_what_is_asked_next_is_answered()
    {
        await using var broker = new EpochBroker();
        await using var proxy = broker.Proxy();
        var lost = proxy.EndTxn.LoseNextReply(cutsClient: false);
        using var client = proxy.Client();
        await client.SendAsync(EpochBroker.End(epoch: 0));
        Assert.Equal(KafkaErrors.None, await lost.Lost.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal((short)0, (await lost.Begun).Epoch);
        // Had the first answer come, it would be what is read here, and no answer to an initialisation.
        Assert.Equal(1, InitProducerIdResponse.Parse(await client.AskAsync(EpochBroker.Init()), 1).Epoch);
    }

    [Fact]
    public async Task Answer_that_the_broker_never_gives_is_told_as_none()
    {
        await using var broker = new EpochBroker { ClosesInsteadOfEnding = true };
        await using var proxy = broker.Proxy();
        var lost = proxy.EndTxn.LoseNextReply(cutsClient: false);
        using var client = proxy.Client();
        await client.SendAsync(EpochBroker.End(epoch: 0));
        Assert.Null(await lost.Lost.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Answer_to_an_abort_is_not_the_one_that_is_lost()
    {
        await using var broker = new EpochBroker();
        await using var proxy = broker.Proxy();
        var lost = proxy.EndTxn.LoseNextReply(cutsClient: true);
        using var client = proxy.Client();
        Assert.Equal(KafkaErrors.None, EndTxnResponse.Parse(await client.AskAsync(EpochBroker.End(epoch: 0, isCommit: false)), 1).ErrorCode);
        Assert.False(lost.Begun.IsCompleted);
    }

    [Fact]
    public async Task Frame_that_cannot_be_read_is_reported()
    {
        await using var broker = new EpochBroker();
        await using var proxy = broker.Proxy();
        using var client = proxy.Client();
        var request = EpochBroker.End(epoch: 0);
        BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(6), 99);
        await client.SendAsync(request);
        await Assert.ThrowsAnyAsync<IOException>(client.AnswerAsync); // it is closed
        while (proxy.EndTxn.Unreadable is null) await Task.Delay(20, TestContext.Current.CancellationToken); // noted behind the close
        Assert.Contains("version 99", proxy.EndTxn.Unreadable);
    }

    /// <summary>Gives epochs, and takes what ends a transaction of the last one.</summary>
    private sealed class EpochBroker : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _accepting;
        private short _epoch;

        public EpochBroker()
        {
            _listener.Start();
            _accepting = AcceptAsync();
        }

        public bool ClosesInsteadOfEnding { get; init; }

        public static byte[] End(short epoch, bool isCommit = true) => Request(KafkaFrame.EndTxn, [0, 4, .. "shop"u8, 0, 0, 0, 0, 0, 0, 0, 4, .. Bytes(epoch), isCommit ? (byte)1 : (byte)0]);

        public static byte[] Init() => Request(KafkaFrame.InitProducerId, [0, 4, .. "shop"u8, 0, 0, 7, 208]);

        public ProxyBefore Proxy() => new(((IPEndPoint)_listener.LocalEndpoint).Port);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private static byte[] Request(short key, byte[] body) => Framed([.. Bytes(key), 0, 1, 0, 0, 0, 9, 0xFF, 0xFF, .. body]);

        private static byte[] Framed(byte[] rest)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, rest.Length);
            return [.. length, .. rest];
        }

        private static byte[] Bytes(short value) => [(byte)(value >> 8), (byte)value];

        private async Task AcceptAsync()
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }

        private async Task ServeAsync(TcpClient client)
        {
            using var closing = client;
            var stream = client.GetStream();
            while (true)
            {
                var frame = await KafkaFrame.ReadAsync(stream, KafkaFrame.RequestBytes, _stop.Token);
                var isEnd = frame.ApiKey == KafkaFrame.EndTxn;
                if (isEnd && ClosesInsteadOfEnding) return;
                byte[] body = isEnd
                    ? Bytes(EndTxnRequest.Parse(frame).Epoch < _epoch ? (short)47 : (short)0)
                    : [0, 0, 0, 0, 0, 0, 0, 0, 0, 4, .. Bytes(++_epoch)];
                await stream.WriteAsync(Framed([0, 0, 0, 9, 0, 0, 0, 0, .. body]), _stop.Token);
            }
        }
    }

    /// <summary>A proxy on a free port.</summary>
    private sealed class ProxyBefore : IAsyncDisposable
    {
        private readonly int _port = FreePort();

        public ProxyBefore(int brokerPort) => EndTxn = new EndTxnProxy(_port, brokerPort);

        public EndTxnProxy EndTxn { get; }

        public Client Client() => new(_port);

        public ValueTask DisposeAsync() => EndTxn.DisposeAsync();

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }

    private sealed class Client(int port) : IDisposable
    {
        private readonly TcpClient _connection = new("127.0.0.1", port);

        public async Task SendAsync(byte[] request) => await _connection.GetStream().WriteAsync(request, TestContext.Current.CancellationToken);

        public Task<KafkaFrame> AnswerAsync() => KafkaFrame.ReadAsync(_connection.GetStream(), KafkaFrame.ResponseBytes, TestContext.Current.CancellationToken).WaitAsync(Limit);

        public async Task<KafkaFrame> AskAsync(byte[] request)
        {
            await SendAsync(request);
            return await AnswerAsync();
        }

        public void Dispose() => _connection.Dispose();
    }
}
