using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Streaming.Host.Demo.Storefront;

/// <summary>Events of the page until the shop's writer, which belongs to one thread, takes them. Bounded; safe from any thread.</summary>
internal sealed class VisitorQueue
{
    private const int Most = 256;
    private readonly Channel<VisitorEvent> _waiting = Channel.CreateBounded<VisitorEvent>(new BoundedChannelOptions(Most) { SingleReader = true });

    /// <summary>Adds an event.</summary>
    /// <returns>False where the queue is full or the shop closed.</returns>
    public bool TryAdd(VisitorEvent visitorEvent) => _waiting.Writer.TryWrite(visitorEvent);

    /// <summary>Takes the event that waits longest.</summary>
    public bool TryTake([NotNullWhen(true)] out VisitorEvent? visitorEvent) => _waiting.Reader.TryRead(out visitorEvent);

    /// <summary>Takes nothing more, and cancels what waits.</summary>
    public void Close()
    {
        _waiting.Writer.TryComplete();
        while (TryTake(out var left)) left.Cancel();
    }
}
