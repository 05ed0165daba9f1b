namespace Streaming.Host.Audit;

/// <summary>Counts and describes what an audit finds.</summary>
/// <param name="maxDetails">Problems, and warnings, described in full.</param>
internal sealed class AuditFindings(int maxDetails)
{
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];

    public long Events { get; set; }
    public long OwnErases { get; set; }
    public long Users { get; set; }
    public long DeadLetters { get; set; }
    public long LostCount { get; private set; }
    public long DuplicatedCount { get; private set; }
    public long PhantomCount { get; private set; }
    public long MismatchCount { get; private set; }

    public void Lost(long count, string detail)
    {
        LostCount += count;
        Describe(_problems, "lost: " + detail);
    }

    public void Duplicated(long count, string detail)
    {
        DuplicatedCount += count;
        Describe(_problems, "duplicated: " + detail);
    }

    public void Phantom(string detail)
    {
        PhantomCount++;
        Describe(_problems, "phantom: " + detail);
    }

    public void Mismatch(string detail)
    {
        MismatchCount++;
        Describe(_problems, "state mismatch: " + detail);
    }

    public void Warn(string detail) => Describe(_warnings, detail);

    /// <summary>Takes over what another found.</summary>
    public void Add(AuditFindings other)
    {
        LostCount += other.LostCount;
        DuplicatedCount += other.DuplicatedCount;
        PhantomCount += other.PhantomCount;
        MismatchCount += other.MismatchCount;
        foreach (var problem in other._problems) Describe(_problems, problem);
        foreach (var warning in other._warnings) Describe(_warnings, warning);
    }

    public AuditResult Result(string? notAuditable = null) => new()
    {
        Events = Events,
        OwnErases = OwnErases,
        Users = Users,
        Lost = LostCount,
        Duplicated = DuplicatedCount,
        Phantom = PhantomCount,
        StateMismatches = MismatchCount,
        DeadLetters = DeadLetters,
        NotAuditable = notAuditable,
        Problems = _problems,
        Warnings = _warnings,
    };

    private void Describe(List<string> into, string detail)
    {
        if (into.Count < maxDetails) into.Add(detail);
    }
}
