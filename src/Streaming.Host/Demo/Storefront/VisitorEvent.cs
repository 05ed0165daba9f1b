using Streaming.Host.Demo.Shop;

namespace Streaming.Host.Demo.Storefront;

/// <summary>An event of the page on its way through the shop's writer.</summary>
/// <param name="write">Makes the record for the time at which it is written, ms since 1970; called once, by the writer's thread, right before it is handed to Kafka.</param>
internal sealed class VisitorEvent(Func<long, ShopRecord> write)
{
    // Whoever waits goes on elsewhere: the shop's traffic is not kept waiting by a page.
    private readonly TaskCompletionSource _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends once the broker has the record; cancelled where the shop closed before.</summary>
    public Task Acknowledged => _acknowledged.Task;

    /// <summary>Makes the record.</summary>
    public ShopRecord Write(long atMs) => write(atMs);

    /// <summary>The broker has it.</summary>
    public void Acknowledge() => _acknowledged.TrySetResult();

    /// <summary>The shop closes.</summary>
    public void Cancel() => _acknowledged.TrySetCanceled();
}
