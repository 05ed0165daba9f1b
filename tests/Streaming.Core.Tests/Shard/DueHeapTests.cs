using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

public sealed class DueHeapTests
{
    [Fact]
    public void Retain_drops_repeats_and_what_is_rejected_and_leaves_the_order()
    {
        var heap = new DueHeap(512);
        var random = new Random(5);
        var entries = Enumerable.Range(0, 900).Select(_ => (DueMs: random.NextInt64(40), Key: UserKey.User("u" + random.Next(30)))).ToList();
        foreach (var (dueMs, key) in entries) heap.Add(dueMs, key);

        heap.Retain((dueMs, _) => dueMs % 3 != 0);

        var expected = entries.Where(e => e.DueMs % 3 != 0).Distinct().OrderBy(e => e.DueMs).ThenBy(e => e.Key).ToList();
        Assert.Equal(expected.Count, heap.Count);
        heap.Add(17, UserKey.User("later")); // still a heap
        expected.Add((17, UserKey.User("later")));
        foreach (var (dueMs, key) in expected.OrderBy(e => e.DueMs).ThenBy(e => e.Key))
        {
            var popped = heap.Pop();
            Assert.Equal(dueMs, popped.DueMs);
            Assert.Equal(key, popped.Key);
        }

        Assert.Equal(long.MaxValue, heap.FirstMs);
    }

    [Fact]
    public void Profile_that_comes_and_goes_leaves_a_bounded_number_of_entries()
    {
        var heap = new DueHeap(512);
        var most = 0;
        for (var load = 0; load < 100_000; load++)
        {
            heap.Add(1_000 + (load % 50), UserKey.User("u" + (load % 50)));
            if (heap.IsSwollen) heap.Retain((_, _) => true);
            most = Math.Max(most, heap.Count);
        }

        Assert.InRange(most, 50, 700);
    }

    [Fact]
    public void Entry_of_a_profile_that_left_memory_stays_while_its_bucket_is_being_read_for_the_read_may_have_come_before_it()
    {
        var options = new ShardOptions { DueHeapSlack = 0 };
        var memory = new ShardMemory(new ItemDictionary(), 8, options) { LoadedThroughBucket = 10, LoadingThroughBucket = 12 };
        for (var bucket = 10; bucket <= 13; bucket++) memory.SessionDues.Add((bucket * memory.BucketMs) + 5, UserKey.User("left"));

        new Eviction(options).Run(memory, durableFlush: 1);

        List<long> kept = [];
        while (memory.SessionDues.Count > 0) kept.Add(memory.Bucket(memory.SessionDues.Pop().DueMs));
        Assert.Equal([10, 11, 12], kept);
    }

    [Fact]
    public void Retain_of_nothing_empties_it()
    {
        var heap = new DueHeap(512);
        for (var i = 0; i < 5_000; i++) heap.Add(i, UserKey.User("u" + i));
        heap.Retain((_, _) => false);
        Assert.Equal(0, heap.Count);
        heap.Add(3, UserKey.User("a"));
        Assert.Equal(3, heap.Pop().DueMs);
    }
}
