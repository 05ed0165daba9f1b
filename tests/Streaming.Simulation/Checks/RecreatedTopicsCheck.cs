using Streaming.Core.Errors;
using Streaming.Simulation.Broker;
using Streaming.Simulation.Kernel;
using Streaming.Simulation.Nodes;

namespace Streaming.Simulation.Checks;

/// <summary>The topics are created anew, empty, under the state that the run left: every shard must refuse to start, ask for a person, and write nothing.</summary>
internal sealed class RecreatedTopicsCheck(World world, Rng rng)
{
    public void Run()
    {
        var broker = new BrokerModel(world.Scheduler, rng, world.Plan.Partitions, Plan.TransactionTimeOutUs, Plan.StartMs, world.Say, world.Fail);
        var check = RunAsync(broker);
        while (!check.IsCompleted)
        {
            if (!world.Scheduler.Step()) throw new InvalidOperationException("the check waits for nothing");
        }

        check.GetAwaiter().GetResult();
    }

    private async Task RunAsync(BrokerModel broker)
    {
        var node = new Node(world, world.Plan.Nodes, world.Plan.Settings, 0);
        for (var p = 0; p < world.Plan.Partitions; p++)
        {
            var before = world.Store.Shard(p).ReadShard(isStale: false);
            await using var shard = await node.CreateAsync(p, broker).ConfigureAwait(false);
            try
            {
                await shard.TakeOverAsync(CancellationToken.None).ConfigureAwait(false);
                world.Fail($"topics created anew: partition {p} starts over as if its state belonged to them");
            }
            catch (EngineException error)
            {
                if (error.Action != ErrorAction.Fatal) world.Fail($"topics created anew: partition {p} answers {error.Action}: {error.Message}");
            }

            if (before.WriteTime != world.Store.Shard(p).ReadShard(isStale: false).WriteTime) world.Fail($"topics created anew: partition {p} wrote to its store");
        }
    }
}
