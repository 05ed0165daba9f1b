using System.Collections.Immutable;
using Akka.Actor;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Pipeline.Placement;

namespace Streaming.Pipeline.Tests.Placement;

public sealed class RendezvousAllocationStrategyTests
{
    private const int Shards = 24;
    private static readonly Address[] Nodes = [.. Enumerable.Range(1, 3).Select(n => new Address("akka.tcp", "streaming", $"node-{n}", 4053))];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Placement_is_the_same_wherever_the_coordinator_runs(int coordinator)
    {
        var (reference, here) = (await PlaceAsync(-1), await PlaceAsync(coordinator));
        Assert.Equal(reference, here);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Coordinator_that_moves_moves_no_shard(int coordinator)
    {
        var strategy = Strategy(coordinator, Nodes);
        var owners = await PlaceAsync(1);
        var regions = Regions(coordinator);
        var current = regions.Select((r, n) => (Region: r, Shards: owners.Where(o => o.Value == n).Select(o => o.Key)))
            .ToImmutableDictionary(r => r.Region, r => (IImmutableList<string>)r.Shards.ToImmutableList());
        Assert.Empty(await strategy.Rebalance(current, ImmutableHashSet<string>.Empty));
    }

    [Fact]
    public async Task Members_that_join_leave_or_cannot_be_reached_get_nothing()
    {
        var strategy = Strategy(0, Nodes[0], Nodes[1]);
        var regions = Regions(0);
        var current = regions.ToImmutableDictionary(r => r, _ => (IImmutableList<string>)ImmutableList<string>.Empty);
        for (var shard = 0; shard < Shards; shard++)
            Assert.NotSame(regions[2], await strategy.AllocateShard(regions[2], $"{shard}", current));
        current = current.SetItem(regions[2], [.. Enumerable.Range(0, 12).Select(s => $"{s}")]);
        Assert.Empty(await strategy.Rebalance(current, ImmutableHashSet<string>.Empty));
    }

    [Fact]
    public async Task Without_a_fit_member_a_known_region_is_returned()
    {
        var strategy = Strategy(0);
        var regions = Regions(0);
        var current = regions.Skip(1).ToImmutableDictionary(r => r, _ => (IImmutableList<string>)ImmutableList<string>.Empty);
        Assert.Same(regions[2], await strategy.AllocateShard(regions[2], "7", current));
        Assert.Same(regions[1], await strategy.AllocateShard(regions[0], "7", current));
    }

    [Fact]
    public async Task Rebalance_waits_for_moves_in_progress()
    {
        var strategy = Strategy(0, Nodes);
        var current = Unbalanced();
        Assert.Equal(4, (await strategy.Rebalance(current, ImmutableHashSet<string>.Empty)).Count);
        Assert.Empty(await strategy.Rebalance(current, ImmutableHashSet.Create("3")));
    }

    [Fact]
    public async Task Rebalance_that_fails_returns_nothing_and_does_not_throw()
    {
        var strategy = new RendezvousAllocationStrategy(new BrokenView(), Shards, 4, NullLogger.Instance);
        Assert.Empty(await strategy.Rebalance(Unbalanced(), ImmutableHashSet<string>.Empty));
    }

    private static ImmutableDictionary<IActorRef, IImmutableList<string>> Unbalanced()
    {
        var regions = Regions(0);
        return regions.ToImmutableDictionary(r => r, r => (IImmutableList<string>)(r == regions[0] ? [.. Enumerable.Range(0, Shards).Select(s => $"{s}")] : ImmutableList<string>.Empty));
    }

    private static async Task<SortedDictionary<string, int>> PlaceAsync(int coordinator)
    {
        var strategy = Strategy(coordinator, Nodes);
        var regions = Regions(coordinator);
        var current = regions.ToImmutableDictionary(r => r, _ => (IImmutableList<string>)ImmutableList<string>.Empty);
        var owners = new SortedDictionary<string, int>();
        for (var shard = 0; shard < Shards; shard++)
        {
            var region = await strategy.AllocateShard(regions[0], $"{shard}", current);
            current = current.SetItem(region, current[region].Add($"{shard}"));
            owners[$"{shard}"] = Array.IndexOf(regions, region);
        }

        return owners;
    }

    /// <summary>Regions as the coordinator on a node sees them: its own has a local path. -1: it sees all from outside.</summary>
    private static IActorRef[] Regions(int coordinator) =>
        [.. Nodes.Select((node, n) => new FakeRef(new RootActorPath(n == coordinator ? new Address("akka", "streaming") : node) / "system" / "sharding" / "user-shards"))];

    private static RendezvousAllocationStrategy Strategy(int coordinator, params Address[] fit) =>
        new(new View(Nodes[Math.Max(0, coordinator)], fit), Shards, 4, NullLogger.Instance);

    private sealed class View(Address self, Address[] fit) : IPlacementView
    {
        public Address Self => self;

        public bool MayHost(Address address) => fit.Contains(address);
    }

    private sealed class BrokenView : IPlacementView
    {
        public Address Self => Nodes[0];

        public bool MayHost(Address address) => throw new InvalidOperationException("no view");
    }

    private sealed class FakeRef(ActorPath path) : MinimalActorRef
    {
        public override ActorPath Path => path;

        public override IActorRefProvider Provider => throw new NotSupportedException();
    }
}
