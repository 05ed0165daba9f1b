using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Faults.Engine;

/// <summary>
/// Finds out whether a worker went on committing a partition that another had taken from it. Taken is what another has asked to initialise the transactions of: somewhere on the way to the answer the
/// broker begins to refuse the former owner, which may hear of it before the heir does, and long before the heir's shard runs. What the heir had committed when it first ran, what it found included, is more than the former owner may ever claim.
/// </summary>
internal static partial class OwnerJudge
{
    /// <summary>Judges what was seen.</summary>
    /// <param name="owners">Every worker.</param>
    /// <param name="since">The moment from which take-overs count.</param>
    /// <param name="partitions">How many there are.</param>
    public static OwnerFindings Judge(IReadOnlyList<WatchedOwner> owners, DateTime since, int partitions)
    {
        var (trespasses, looks, claimed) = (new List<string>(), 0, 0);
        foreach (var heir in owners)
        {
            foreach (var former in owners.Where(o => o != heir))
            {
                for (var partition = 0; partition < partitions; partition++)
                {
                    foreach (var taken in Takes(heir.Log, since, partition))
                    {
                        // The former may take it back: what it says from then on is another ownership.
                        var again = Takes(former.Log, taken, partition).Select(t => (DateTime?)t).FirstOrDefault() ?? DateTime.MaxValue;
                        var answers = former.Looks.Where(l => l.Begun >= taken && l.Ended < again && l.Committed is not null).ToList();
                        var claims = Claims(answers, partition).ToList();
                        // One that never had it, or a process that was started since, says nothing of a former owner.
                        var had = former.Looks.LastOrDefault(l => l.Ended <= taken && l.Claims(partition));
                        (looks, claimed) = (looks + answers.Count(l => l.Claims(partition) || l.Process == had?.Process), claimed + claims.Count);
                        // Where the heir never ran nothing is known of what it found.
                        var heirs = Claims(heir.Looks.Where(l => l.Begun >= taken && l.Ended < again), partition);
                        if (claims.Count > 0 && heirs.FirstOrDefault(long.MaxValue) is var begins && claims.Max() > begins)
                            trespasses.Add($"{former.Name} committed partition {partition} up to {claims.Max()} after {heir.Name} had taken it at {taken:HH:mm:ss.fff} and went on from {begins}");
                    }
                }
            }
        }

        return new OwnerFindings(trespasses, looks, claimed);
    }

    private static IEnumerable<long> Claims(IEnumerable<OwnerLook> looks, int partition) => looks.Where(l => l.Claims(partition)).Select(l => l.Committed![partition]);

    /// <summary>The moments, of answers at or after one, at which a node asked for a partition's transactions.</summary>
    public static IEnumerable<DateTime> Takes(NodeLog log, DateTime after, int partition) =>
        log.LinesAfter(after, $"partition {partition}: transactions initialised as").Select(l => l.At - TimeSpan.FromMilliseconds(long.Parse(Took().Match(l.Text).Groups[1].ValueSpan, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@" in (\d+) ms")]
    private static partial Regex Took();
}
