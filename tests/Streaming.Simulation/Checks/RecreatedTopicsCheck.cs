using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Simulation.Broker;
using Streaming.Simulation.Kernel;
using Streaming.Simulation.Nodes;

namespace Streaming.Simulation.Checks;

/// <summary>
/// Topics are created anew under the state that the run left: all of them, empty; then <c>events</c> alone, with fewer of the records than the state stands on, while <c>links</c> and <c>control</c> are as they were. Every shard must
/// refuse to start, ask for a person, and write nothing. As many records, or more, are told apart by the topic's id, outside the shard.
/// </summary>
internal sealed class RecreatedTopicsCheck(World world, Rng rng)
{
    public void Run()
    {
        Run("topics created anew", Empty());
        Run("events created anew with fewer records", WithFewerEvents());
    }

    private void Run(string what, BrokerModel broker)
    {
        var check = RunAsync(what, broker);
        while (!check.IsCompleted)
        {
            if (!world.Scheduler.Step()) throw new InvalidOperationException("the check waits for nothing");
        }

        check.GetAwaiter().GetResult();
    }

    private BrokerModel Empty() => new(world.Scheduler, rng, world.Plan.Partitions, Plan.TransactionTimeOutUs, Plan.StartMs, world.Say, what => world.Fail(Checker.CreatedAnew, what));

    private BrokerModel WithFewerEvents()
    {
        var broker = Empty();
        for (var p = 0; p < world.Plan.Partitions; p++)
        {
            var stands = Stands(p);
            broker.Put(OutputTopic.Links, p, world.Broker.Log(OutputTopic.Links, p).Copy());
            broker.Put(OutputTopic.Control, p, world.Broker.Log(OutputTopic.Control, p).Copy());
            broker.Put(OutputTopic.Events, p, world.Broker.Log(OutputTopic.Events, p).Copy(stands > 0 ? rng.Between(0, stands - 1) : 0));
        }

        return broker;
    }

    // Offset of events from which the shard's state goes on.
    private long Stands(int partition) => world.Store.Shard(partition).ReadShard(isStale: false).Blob is { } row ? ShardRowCodec.Decode(row).Position.Events : 0;

    private async Task RunAsync(string what, BrokerModel broker)
    {
        var node = new Node(world, world.Plan.Nodes, world.Plan.Settings, 0);
        for (var p = 0; p < world.Plan.Partitions; p++)
        {
            if (broker.Log(SourceTopic.Control, p).End > 0 && Stands(p) == 0) continue; // the state stands on none of the events that are missing
            var before = world.Store.Shard(p).ReadShard(isStale: false);
            await using var shard = await node.CreateAsync(p, broker).ConfigureAwait(false);
            try
            {
                await shard.TakeOverAsync(CancellationToken.None).ConfigureAwait(false);
                world.Fail(Checker.CreatedAnew, $"{what}: partition {p} starts over as if its state belonged to them");
            }
            catch (EngineException error)
            {
                if (error.Action != ErrorAction.Fatal) world.Fail(Checker.CreatedAnew, $"{what}: partition {p} answers {error.Action}: {error.Message}");
            }

            if (before.WriteTime != world.Store.Shard(p).ReadShard(isStale: false).WriteTime) world.Fail(Checker.CreatedAnew, $"{what}: partition {p} wrote to its store");
        }
    }
}
