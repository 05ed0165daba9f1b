namespace Streaming.Faults.Engine;

/// <summary>
/// Finds out whether a worker went on committing a partition that another had taken from it. Taken is what another has initialised the transactions of: from then on the broker refuses the
/// former owner, long before the heir's shard runs. What the heir had committed when it first ran, what it found included, is more than the former owner may ever claim.
/// </summary>
internal static class OwnerJudge
{
    /// <summary>Judges what was seen.</summary>
    /// <param name="owners">Every worker.</param>
    /// <param name="since">The moment from which take-overs count.</param>
    /// <param name="partitions">How many there are.</param>
    public static OwnerFindings Judge(IReadOnlyList<WatchedOwner> owners, DateTime since, int partitions)
    {
        var (trespasses, looks) = (new List<string>(), 0);
        foreach (var heir in owners)
        {
            foreach (var former in owners.Where(o => o != heir))
            {
                for (var partition = 0; partition < partitions; partition++)
                {
                    foreach (var taken in heir.Log.AllAfter(since, TakesText(partition)))
                    {
                        // The former may take it back: what it says from then on is another ownership.
                        var again = former.Log.FirstAfter(taken, TakesText(partition)) ?? DateTime.MaxValue;
                        var claims = former.Looks.Where(l => l.Begun >= taken && l.Ended < again).TakeWhile(l => l.Committed.ContainsKey(partition)).Select(l => l.Committed[partition]).ToList();
                        looks += claims.Count;
                        // Where the heir never ran nothing is known of what it found.
                        var heirs = heir.Looks.Where(l => l.Begun >= taken && l.Ended < again && l.Committed.ContainsKey(partition)).Select(l => l.Committed[partition]);
                        if (claims.Count > 0 && heirs.FirstOrDefault(long.MaxValue) is var begins && claims.Max() > begins)
                            trespasses.Add($"{former.Name} committed partition {partition} up to {claims.Max()} after {heir.Name} had taken it at {taken:HH:mm:ss.fff} and went on from {begins}");
                    }
                }
            }
        }

        return new OwnerFindings(trespasses, looks);
    }

    /// <summary>What a node logs once the transactions of a partition are its own: the former owner's are refused from then on.</summary>
    public static string TakesText(int partition) => $"partition {partition}: transactions initialised as";
}
