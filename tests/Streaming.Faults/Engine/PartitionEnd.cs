using System.Globalization;

namespace Streaming.Faults.Engine;

/// <summary>Where a partition ends.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its number.</param>
/// <param name="End">Behind its last record, committed or not.</param>
/// <param name="StableEnd">Up to where everything is committed or aborted: nobody who reads committed records sees more.</param>
internal readonly record struct PartitionEnd(string Topic, int Partition, long End, long StableEnd)
{
    /// <summary>Whether an open transaction hides what comes behind it.</summary>
    public bool IsOpen => End > StableEnd;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Topic}-{Partition} (stable up to {StableEnd} of {End})");
}
