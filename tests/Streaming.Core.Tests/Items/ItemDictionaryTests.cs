using System.Text;
using Streaming.Core.Items;

namespace Streaming.Core.Tests.Items;

public sealed class ItemDictionaryTests
{
    [Fact]
    public void Ids_of_every_length_keep_their_number_and_their_bytes()
    {
        var items = new ItemDictionary();
        var ids = Enumerable.Range(0, 5_000).Select(i => Encoding.UTF8.GetBytes($"{i}" + new string('x', i % 40))).ToList();
        for (var i = 0; i < ids.Count; i++) Assert.Equal(i, items.GetOrAdd(ids[i]));
        Assert.Equal(ids.Count, items.Count);
        for (var i = 0; i < ids.Count; i++)
        {
            Assert.Equal(i, items.GetOrAdd(ids[i]));
            Assert.Equal(i, items.Find(ids[i]));
            Assert.Equal(ids[i], items.Id(i));
        }

        // The same beginning is not the same id, also where one lies inline and the other does not.
        Assert.Equal(-1, items.Find("0123456789abcde"u8));
        var inline = items.GetOrAdd("0123456789abcde"u8);
        Assert.Equal(-1, items.Find("0123456789abcdef"u8));
        Assert.NotEqual(inline, items.GetOrAdd("0123456789abcdef"u8));
        Assert.Equal("0123456789abcde", items.Text(inline));
        Assert.True(items.Compare(inline, inline + 1) < 0);
    }

    [Fact]
    public async Task Readers_see_whole_ids_while_others_are_added()
    {
        var items = new ItemDictionary();
        const int Writers = 3, Ids = 20_000;
        using var done = new CancellationTokenSource();
        // A thread of its own: on a busy machine the pool may have none to spare until the writers are done.
        var reader = Task.Factory.StartNew(() =>
        {
            for (var (looked, isLast) = (0L, false); ;)
            {
                for (var i = items.Count - 1; i >= 0; i -= 7, looked++) Assert.Equal(i, items.Find(items.Id(i)));
                if (isLast) return looked;
                isLast = done.IsCancellationRequested;
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var numbers = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() => Enumerable.Range(0, Ids).Select(i => items.GetOrAdd(Encoding.UTF8.GetBytes($"item {i * 7919 % Ids:d5} of some length"[..(10 + (i % 16))]))).ToArray())));
        await done.CancelAsync();
        Assert.True(await reader > 0);
        Assert.Equal(numbers[0], numbers[1]);
        Assert.Equal(numbers[0], numbers[2]);
    }
}
