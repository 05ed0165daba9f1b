namespace Streaming.Faults.Engine;

/// <summary>Whether owners stayed apart.</summary>
/// <param name="Trespasses">Commits of a partition by one that another had taken it from, in words.</param>
/// <param name="LooksAtFormerOwners">How often a former owner answered what it has after another took over: one that gave the partition away, and one that has not heard of it yet. Without such a look nothing is shown.</param>
/// <param name="LooksAtClaimants">How often it still took itself for the owner then.</param>
internal sealed record OwnerFindings(IReadOnlyList<string> Trespasses, int LooksAtFormerOwners, int LooksAtClaimants)
{
    /// <summary>Both together.</summary>
    public static OwnerFindings operator +(OwnerFindings left, OwnerFindings right) =>
        new([.. left.Trespasses, .. right.Trespasses], left.LooksAtFormerOwners + right.LooksAtFormerOwners, left.LooksAtClaimants + right.LooksAtClaimants);

    /// <summary>Nothing was looked at.</summary>
    public static OwnerFindings None { get; } = new([], 0, 0);

    /// <summary>Keeps the figures, and fails a case that would praise owners at whom nobody looked.</summary>
    public void Into(Cases.CaseRun run)
    {
        run.Figures["looks at a former owner, alive, after another took its partition"] = LooksAtFormerOwners;
        run.Figures["of them at one that had not stopped yet"] = LooksAtClaimants;
        if (LooksAtFormerOwners == 0) run.Fail("no former owner was looked at after another took its partition: nothing shows that it committed nothing then");
    }
}
