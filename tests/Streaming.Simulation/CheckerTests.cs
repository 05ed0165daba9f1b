using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Simulation.Broker;
using Streaming.Simulation.Checks;
using Streaming.Simulation.Kernel;
using Streaming.Simulation.Store;
using Streaming.Simulation.Workload;
using Xunit;

namespace Streaming.Simulation;

/// <summary>A run is tampered with from outside, and the checker for that speaks: those among them that no planted defect of the engine has to show (docs/fault-model.md), and each alone where it alone can know.</summary>
public sealed class CheckerTests
{
    private const int MostSeeds = 60;
    private const long Seed = 2;

    [Fact]
    public void Checkers_are_silent_where_nobody_tampers() => Assert.Empty(SimulationRun.Run(Seed, goesOn: true).Spoke);

    [Fact]
    public void Replay_alone_speaks_of_the_last_bit_of_a_vector()
    {
        var spoke = Run(new Tamper { HandedOff = (world, _) => Assert.True(FlipLastBit(world), "no row holds a vector") });
        Assert.Equal(Checker.Replay, Assert.Single(spoke.Keys));
        Assert.Contains("other bits", spoke[Checker.Replay], StringComparison.Ordinal);
    }

    [Fact]
    public void Count_alone_speaks_of_an_event_that_the_log_lost_before_anyone_read_it()
    {
        var spoke = Run(new Tamper { HandedOff = (world, shop) => Assert.True(SendOneMore(world, shop), "every user is linked") });
        Assert.Equal(Checker.Count, Assert.Single(spoke.Keys));
        Assert.Contains("the shop sent", spoke[Checker.Count], StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_replay_count_and_topics_created_anew_speak_of_a_store_without_rows()
    {
        var spoke = Run(new Tamper { Begin = world => world.Store.BackUp(), HandedOff = (world, _) => Assert.True(world.Store.RollBack()) });
        Assert.All((Checker[])[Checker.Audit, Checker.Replay, Checker.Count, Checker.CreatedAnew], checker => Assert.Contains(checker, spoke.Keys));
        Assert.Contains("starts over", spoke[Checker.CreatedAnew], StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_alone_speaks_of_an_output_that_is_there_twice()
    {
        var spoke = Run(new Tamper { HandedOff = (world, _) => Assert.True(RepeatOutput(world), "no output") });
        Assert.Equal(Checker.Audit, Assert.Single(spoke.Keys));
        Assert.Contains("duplicate", spoke[Checker.Audit], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Convergence_speaks_of_a_store_that_never_comes_back()
    {
        var spoke = Run(new Tamper { Healed = world => (world.Store.DownParts, world.Store.DownUntilUs) = (StoreParts.Writes, long.MaxValue) });
        Assert.Equal(Checker.Convergence, Assert.Single(spoke.Keys));
        Assert.Contains("waited in vain", spoke[Checker.Convergence], StringComparison.Ordinal);
    }

    [Fact]
    public void One_owner_speaks_where_a_cluster_fences_nobody()
    {
        var tamper = new Tamper { Begin = world => world.Broker.FencesNobody = true };
        for (var seed = 1L; seed <= MostSeeds; seed++)
        {
            if (SimulationRun.Run(seed, goesOn: true, tamper: tamper).Spoke.TryGetValue(Checker.OneOwner, out var finding) && finding.Contains("two owners", StringComparison.Ordinal)) return;
        }

        Assert.Fail($"two owners of one epoch committed in none of {MostSeeds} seeds");
    }

    [Theory]
    [InlineData(2, 20, "up to")] // the number of a batch that somebody built on, for others of the input
    [InlineData(4, 20, "was committed after")] // a number left out
    [InlineData(3, 5, "the one before up to")] // back behind the one before
    public void One_owner_speaks_of_batch_numbers(long sequence, long events, string what)
    {
        var said = new List<string>();
        var (check, owner) = (new OwnerCheck(0, said.Add), new object());
        for (var batch = 1; batch <= 2; batch++)
        {
            check.Accepted(owner, 1, new GroupOffsets(new ShardOffsets(5 * batch, 0, 0), batch, batch));
            check.Reached(batch);
        }

        Assert.Empty(said);
        check.Accepted(owner, 1, new GroupOffsets(new ShardOffsets(events, 0, 0), sequence, 3));
        Assert.Contains(said, finding => finding.Contains(what, StringComparison.Ordinal));
    }

    /// <summary>The window of a torn transaction, step by step: the request to end the first comes when the second of the same epoch is open.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void Late_request_to_end_a_transaction_is_counted_by_what_it_met(bool initialisesAnew, int torn)
    {
        var scheduler = new Scheduler(new Rng(1), new Trace(null));
        var broker = new BrokerModel(scheduler, new Rng(2), 1, Plan.TransactionTimeOutUs, Plan.StartMs, _ => { }, what => Assert.Fail(what));
        var coordinator = broker.Coordinator(0);
        var (client, first, second) = (new object(), new object(), new object());
        Assert.Equal(TransactionAnswer.Ok, coordinator.Initialise());
        var epoch = coordinator.Epoch;
        Assert.Equal(TransactionAnswer.Ok, coordinator.Add(first, epoch, [(OutputTopic.Control, 0)]));
        Assert.Equal(TransactionAnswer.Ok, coordinator.End(client, first, epoch, commit: false));
        while (!coordinator.IsQuiet) scheduler.Step();
        if (initialisesAnew) Assert.Equal(TransactionAnswer.Ok, coordinator.Initialise());
        Assert.Equal(TransactionAnswer.Ok, coordinator.Add(second, coordinator.Epoch, [(OutputTopic.Control, 0)]));
        Assert.Equal(initialisesAnew ? TransactionAnswer.Fenced : TransactionAnswer.Ok, coordinator.End(client, first, epoch, commit: true, isLate: true));
        Assert.Equal((torn, 1 - torn, 0, 0), (broker.Ends.Torn, broker.Ends.Refused, broker.Ends.InTime, broker.Ends.Void));
    }

    private static IReadOnlyDictionary<Checker, string> Run(Tamper tamper) => SimulationRun.Run(Seed, goesOn: true, tamper: tamper).Spoke;

    private static bool FlipLastBit(World world)
    {
        for (var p = 0; p < world.Plan.Partitions; p++)
        {
            foreach (var row in world.Store.Shard(p).Users().ToList())
            {
                var codec = new UserRowCodec(new ItemDictionary());
                var user = codec.Decode(row.Blob, new UserKey(row.Key));
                if (user.Vectors is not { } vectors || vectors[0] == 0) continue;
                vectors[0] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(vectors[0]) ^ 1);
                var bytes = new RowWriter();
                codec.Encode(user, bytes);
                world.Store.Shard(p).WriteUser(row.Key, new Cell(row.WriteTime + 1, bytes.Written.ToArray(), 0));
                return true;
            }
        }

        return false;
    }

    private static bool SendOneMore(World world, Shop shop)
    {
        var linked = shop.Log.SelectMany(log => log).Where(s => s.Linked is not null).SelectMany(s => (string[])[s.Linked!, s.User!]).ToHashSet(StringComparer.Ordinal);
        foreach (var log in shop.Log)
        {
            if (log.Find(s => s.User is not null && !linked.Contains(s.User) && s.Type != Contracts.EventType.Erase) is not { User: not null } sent) continue;
            log.Add(sent with { Offset = log[^1].Offset + 1, EventId = "never-seen" });
            return true;
        }

        return false;
    }

    private static bool RepeatOutput(World world)
    {
        for (var p = 0; p < world.Plan.Partitions; p++)
        {
            var log = world.Broker.Log(OutputTopic.Recommendations, p);
            for (var offset = 0L; offset < log.End; offset++)
            {
                if (log[offset] is not { IsMarker: false, IsAborted: false } entry) continue;
                log.Append(new LogEntry { Key = entry.Key, Value = entry.Value, TimeMs = entry.TimeMs });
                return true;
            }
        }

        return false;
    }
}
