using Streaming.Faults.Engine;

namespace Streaming.Integration.Tests.Faults;

/// <summary>What of audit's findings proves a torn transaction, and what only that a shard stands.</summary>
public sealed class TearEvidenceTests
{
    private static readonly Dictionary<(string, int), long> NothingCommitted = [];

    [Fact]
    public void Shard_that_merely_stands_proves_nothing()
    {
        var evidence = Of(
            """
            fold, partition 1 of 4, 2983 events
            lost: 12 events of partition 0 are beyond the store's low-water mark (batch 22 of 23): the state does not hold them yet
            lost: 9651 records of f93d-events-0 from offset 1614 on are not consumed
            lost: 27 records of f93d-links-0 from offset 118 on are not consumed
            lost: the erase record erase-0-17-00ff00ff00ff00ff of a linked guest
            45000 events, 715 users, 58 dead letters: 9690 lost, 0 duplicated, 0 phantom, 0 state mismatches.
            """, new Dictionary<(string, int), long> { [("f93d-events", 0)] = 1614, [("f93d-links", 0)] = 118 });
        Assert.False(evidence.IsTorn);
        Assert.Equal((9678, 12), (evidence.Unread, evidence.NotStoredYet));
    }

    [Theory]
    [InlineData("lost: f93d-events-0 offset 1470: no batch consumed it (batch 23 begins at 1471)")]
    [InlineData("lost: batch 25 follows batch 23 in f93d-control-0 at offset 62")]
    [InlineData("lost: f93d-events-0 offset 1470: not a dead letter, and has no effect to check (not JSON: 'not json' is an invalid JSON literal. LineNumber: 0 | BytePositionInLine: 1.)")]
    [InlineData("lost: u:u73 (partition 0) has its last recommendation for offset 1461, its last event is at offset 1471")]
    [InlineData("lost: a:g1 (partition 3) has no recommendation, its last event is at offset 9")]
    [InlineData("lost: session s-0-1451 ended and has no record in f93d-sessions")]
    [InlineData("lost: delta l-0-77 for f93d-links-2")]
    public void Loss_of_what_was_consumed_is_proof(string line) => Assert.True(Of("verdict:\r" + line + "\n", NothingCommitted).IsTorn);

    [Fact]
    public void Offset_committed_without_its_batch_is_proof()
    {
        var evidence = Of("lost: 9 records of f93d-events-1 from offset 626 on are not consumed", new Dictionary<(string, int), long> { [("f93d-events", 1)] = 628, [("f93d-events", 2)] = 9999 });
        Assert.True(evidence.IsTorn);
        Assert.Equal((2, 7), (evidence.OffsetAlone, evidence.Unread));
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 1)]
    public void Duplicate_phantom_or_mismatch_is_proof(long duplicated, long phantom, long mismatches) =>
        Assert.True(TearEvidence.Of(Verdict("") with { Duplicated = duplicated, Phantom = phantom, StateMismatches = mismatches }, NothingCommitted, mayOwe: true).IsTorn);

    [Fact]
    public void Output_missing_while_users_are_held_back_is_no_proof()
    {
        var verdict = Verdict("lost: session s-0-1451 ended and has no record in f93d-sessions");
        Assert.True(TearEvidence.Of(verdict, NothingCommitted, mayOwe: false).IsTorn);
        Assert.False(TearEvidence.Of(verdict, NothingCommitted, mayOwe: true).IsTorn);
    }

    [Fact]
    public void Audit_without_a_verdict_proves_nothing()
    {
        var verdict = AuditVerdict.Parse(134, "", "Aborted");
        Assert.Equal(-1, verdict.Duplicated);
        Assert.False(TearEvidence.Of(verdict, NothingCommitted, mayOwe: false).IsTorn);
    }

    [Fact]
    public void Verdict_is_read_from_the_last_line()
    {
        var verdict = AuditVerdict.Parse(1, """
            a line
            {"events":10,"ownErases":1,"users":2,"lost":3,"duplicated":4,"phantom":5,"stateMismatches":6,"consistent":false,"deadLetters":7,"stateHash":"ab"}

            """, "lost: 3");
        Assert.Equal(new AuditVerdict(false, 10, 2, 3, 4, 5, 6, 7, "ab", "lost: 3") { OwnErases = 1 }, verdict);
    }

    private static TearEvidence Of(string told, IReadOnlyDictionary<(string, int), long> committed) => TearEvidence.Of(Verdict(told), committed, mayOwe: false);

    private static AuditVerdict Verdict(string told) => AuditVerdict.None with { Lost = 9690, Error = told };
}
