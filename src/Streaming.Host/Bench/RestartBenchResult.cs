namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench restart</c>. Times run from the moment before the first shard's client is made.</summary>
/// <param name="Users">Users with a row in the store.</param>
/// <param name="GapEvents">Events of the gap.</param>
/// <param name="GapUsers">Users whom the gap touches.</param>
/// <param name="TakenOverSeconds">Until every shard was taken over.</param>
/// <param name="FirstOutputSeconds">Until the first recommendation could be read by another process, committed records only.</param>
/// <param name="CaughtUpSeconds">Until every event was committed with its outputs.</param>
/// <param name="BulkReadSeconds">Plain bulk read of the rows of those users.</param>
/// <param name="GapReadSeconds">Plain read of the gap from the broker.</param>
/// <param name="IsConsistent">True where the first recommendation is one that the gap explains, every row was there, and the profiles hold every event once.</param>
public sealed record RestartBenchResult(int Users, long GapEvents, int GapUsers, double TakenOverSeconds, double FirstOutputSeconds, double CaughtUpSeconds, double BulkReadSeconds, double GapReadSeconds, bool IsConsistent)
{
    /// <summary>Time to catch up over both floors together.</summary>
    public double Ratio => CaughtUpSeconds / (BulkReadSeconds + GapReadSeconds);
}
