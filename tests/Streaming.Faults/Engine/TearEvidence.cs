using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Faults.Engine;

/// <summary>
/// What of a verdict of <c>audit</c> proves a torn transaction, and what only says that a shard stands. Of the losses those alone are proof that a batch beyond them, or the same one, did
/// commit; <c>audit</c> describes its first problems only, so there may be more of them than are counted here. It does not look at the group's offset, which is the transaction's other half: this does.
/// </summary>
internal sealed partial record TearEvidence
{
    /// <summary>Effects and outputs that are there twice.</summary>
    public required long Duplicated { get; init; }

    /// <summary>Outputs of records that no batch consumed.</summary>
    public required long Phantom { get; init; }

    /// <summary>Stored profiles and sessions that are not what the log makes.</summary>
    public required long Mismatched { get; init; }

    /// <summary>Records that no batch consumed although a later one did consume what follows them.</summary>
    public required long SkippedOver { get; init; }

    /// <summary>Records that the group's offset says are consumed, and no batch consumed: the offset was committed without the batch that goes with it.</summary>
    public required long OffsetAlone { get; init; }

    /// <summary>Effects of consumed records that are missing.</summary>
    public required long Missing { get; init; }

    /// <summary>Records that are not read yet and not committed: no damage.</summary>
    public required long Unread { get; init; }

    /// <summary>Effects that the store does not hold yet: no damage.</summary>
    public required long NotStoredYet { get; init; }

    /// <summary>Whether it proves a torn transaction.</summary>
    public bool IsTorn => Duplicated > 0 || Phantom > 0 || Mismatched > 0 || SkippedOver > 0 || OffsetAlone > 0 || Missing > 0;

    /// <summary>Sorts what <c>audit</c> found.</summary>
    /// <param name="verdict">Its verdict.</param>
    /// <param name="committed">What the group has committed, by topic and partition.</param>
    /// <param name="mayOwe">Whether outputs may be owed for users whose row was not readable; then none that is missing is proof.</param>
    public static TearEvidence Of(AuditVerdict verdict, IReadOnlyDictionary<(string Topic, int Partition), long> committed, bool mayOwe)
    {
        var lines = verdict.Error.Split('\n', '\r').Select(l => l.Trim()).ToList();
        var unread = lines.Select(l => NotConsumed().Match(l)).Where(m => m.Success)
            .Select(m => (Count: Number(m, 1), From: Number(m, 4), Committed: committed.GetValueOrDefault((m.Groups[2].Value, (int)Number(m, 3)), -1))).ToList();
        var alone = unread.Sum(u => Math.Clamp(u.Committed - u.From, 0, u.Count));
        return new TearEvidence
        {
            Duplicated = Math.Max(0, verdict.Duplicated),
            Phantom = Math.Max(0, verdict.Phantom),
            Mismatched = Math.Max(0, verdict.StateMismatches),
            SkippedOver = lines.Count(l => NoBatch().IsMatch(l) || SequenceGap().IsMatch(l)),
            Missing = mayOwe ? 0 : lines.Count(l => NoEffect().IsMatch(l) || NoRecommendation().IsMatch(l) || NoSession().IsMatch(l) || NoDelta().IsMatch(l)),
            OffsetAlone = alone,
            Unread = unread.Sum(u => u.Count) - alone,
            NotStoredYet = lines.Select(l => BeyondMark().Match(l)).Where(m => m.Success).Sum(m => Number(m, 1)),
        };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Duplicated} duplicated, {Phantom} phantom, {Mismatched} state mismatches, {SkippedOver} skipped over, {OffsetAlone} committed by offset alone, {Missing} without their effect; apart from that {Unread} not read and {NotStoredYet} not stored yet, which is no damage");

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^lost: \S+ offset \d+: no batch consumed it \(")]
    private static partial Regex NoBatch();

    [GeneratedRegex(@"^lost: batch \d+ follows batch \d+ in ")]
    private static partial Regex SequenceGap();

    [GeneratedRegex(@"^lost: \S+ offset \d+: not a dead letter, and has no effect to check \(")]
    private static partial Regex NoEffect();

    [GeneratedRegex(@"^lost: .+ \(partition \d+\) has (?:its last recommendation for offset \d+|no recommendation), its last event is at offset \d+")]
    private static partial Regex NoRecommendation();

    [GeneratedRegex(@"^lost: session \S+ ended and has no record in ")]
    private static partial Regex NoSession();

    [GeneratedRegex(@"^lost: delta \S+ for ")]
    private static partial Regex NoDelta();

    [GeneratedRegex(@"^lost: (\d+) records of (\S+)-(\d+) from offset (\d+) on are not consumed")]
    private static partial Regex NotConsumed();

    [GeneratedRegex(@"^lost: (\d+) events of partition \d+ are beyond the store's low-water mark")]
    private static partial Regex BeyondMark();
}
