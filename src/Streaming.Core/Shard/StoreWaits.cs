namespace Streaming.Core.Shard;

/// <summary>The budget of a batch for the store, and each kind of request that is waited for within it: one table of a store may be slow, and the others quick.</summary>
internal sealed class StoreWaits
{
    private TimeSpan _waited;

    public StoreWaits(TimeProvider time, TimeSpan total)
    {
        Total = total;
        Rows = new StoreWait(this, time);
        Dues = new StoreWait(this, time);
        Tables = new StoreWait(this, time);
    }

    /// <summary>The budget of one batch.</summary>
    public TimeSpan Total { get; }

    /// <summary>What the batch has left of it.</summary>
    public TimeSpan Left => Total - _waited;

    /// <summary>Rows of profiles.</summary>
    public StoreWait Rows { get; }

    /// <summary>Due entries.</summary>
    public StoreWait Dues { get; }

    /// <summary>Vector tables, read and written.</summary>
    public StoreWait Tables { get; }

    /// <summary>A batch begins.</summary>
    public void Begin() => _waited = TimeSpan.Zero;

    /// <summary>The batch waited for the store; what else took time does not count.</summary>
    public void Spend(TimeSpan waited) => _waited += waited;
}
