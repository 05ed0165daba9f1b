using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Streaming.Faults.Net;

/// <summary>One direction of a connection: what is sent arrives in order, later by the latency of when it was sent.</summary>
internal sealed class DelayLine(Stream to, Func<TimeSpan> latency)
{
    private const int MaxFrames = 65_536;
    private readonly Channel<(byte[] Bytes, long Due)> _frames = Channel.CreateBounded<(byte[], long)>(MaxFrames);

    /// <summary>Sends.</summary>
    public ValueTask SendAsync(CqlFrame frame, CancellationToken cancellation) =>
        _frames.Writer.WriteAsync((frame.Bytes, Stopwatch.GetTimestamp() + (long)(latency().TotalSeconds * Stopwatch.Frequency)), cancellation);

    /// <summary>Nothing more comes; what was sent arrives all the same.</summary>
    public void Complete() => _frames.Writer.TryComplete();

    /// <summary>Delivers until all of it arrived. What an end that is gone would have got is dropped.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var isGone = false;
        await foreach (var (bytes, due) in _frames.Reader.ReadAllAsync(cancellation))
        {
            if (isGone) continue;
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellation);
            try
            {
                await to.WriteAsync(bytes, cancellation);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                isGone = true;
            }
        }
    }
}
