using CsCheck;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Xunit;
using static Streaming.Core.Tests.Items.TestShop;

namespace Streaming.Core.Tests.Items;

public sealed class ItemIndexSaveTests
{
    [Fact]
    public void Load_of_a_saved_index_recommends_the_same_and_saves_the_same_bytes()
    {
        using var shop = Filled();
        var saved = Save(shop.Index);
        using var again = new TestShop(numberFirst: ["zzz", "i7", "i3"]);
        using var loaded = ItemIndex.Load(new MemoryStream(saved), again.Items, shop.Index.Options, out var position);
        again.Recommender = new Recommender(loaded, new RecallOptions { MinSupport = 1 }, new RerankOptions());
        Assert.Equal([1, 2, 3], position);
        Assert.Equal(shop.Index.NowMs, loaded.NowMs);
        var now = shop.Index.NowMs;
        for (var i = 0; i < 30; i++)
        {
            (string, EventType)[] actions = [($"i{i}", EventType.View), ($"i{i * 7 % 30}", EventType.Purchase), ($"i{i * 3 % 30}", EventType.AddToCart)];
            Assert.Equal(shop.Recommend(shop.User(now, actions), now, 20), again.Recommend(again.User(now, actions), now, 20));
        }

        Assert.Equal(saved, Save(loaded));
    }

    [Fact]
    public void Load_then_learning_equals_learning_throughout()
    {
        using var shop = Filled();
        using var again = new TestShop();
        using var loaded = ItemIndex.Load(new MemoryStream(Save(shop.Index)), again.Items, shop.Index.Options, out _);
        var more = Sessions(500, 600).ToArray();
        shop.Index.Apply(more);
        loaded.Apply(more);
        shop.Index.Refresh();
        loaded.Refresh();
        Assert.Equal(Save(shop.Index), Save(loaded));
    }

    [Fact]
    public void Load_of_damaged_or_cut_bytes_is_refused()
    {
        using var shop = Filled();
        var saved = Save(shop.Index);
        Gen.Select(Gen.Int[0, saved.Length - 1], Gen.Byte[1, 255], Gen.Bool).Sample((at, flip, cut) =>
        {
            var bytes = cut ? saved[..at] : (byte[])saved.Clone();
            if (!cut) bytes[at] ^= flip;
            Assert.Throws<CorruptRowException>(() => ItemIndex.Load(new MemoryStream(bytes), new ItemDictionary(), shop.Index.Options, out _));
        }, iter: 60);
    }

    [Fact]
    public void Load_under_other_options_is_refused()
    {
        using var shop = Filled();
        var saved = Save(shop.Index);
        var other = shop.Index.Options with { CovisitHalfLife = TimeSpan.FromDays(3) };
        var error = Assert.Throws<CorruptRowException>(() => ItemIndex.Load(new MemoryStream(saved), new ItemDictionary(), other, out _));
        Assert.Contains("options", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_of_an_empty_index_loads()
    {
        using var empty = new TestShop();
        using var loaded = ItemIndex.Load(new MemoryStream(Save(empty.Index)), new ItemDictionary(), empty.Index.Options, out var position);
        Assert.Equal([1, 2, 3], position);
        Assert.Equal(0, loaded.Stats.Items);
    }

    private static byte[] Save(ItemIndex index)
    {
        using var stream = new MemoryStream();
        index.Save(stream, [1, 2, 3]);
        return stream.ToArray();
    }

    private static TestShop Filled()
    {
        var shop = new TestShop();
        shop.Learn([.. Sessions(0, 500)]);
        shop.Catalog([.. Enumerable.Range(0, 30).Select(i => new CatalogItem { ItemId = $"i{i}", Category = $"c{i % 4}", Price = i, Title = "Köttbullar ✓" })]);
        return shop;
    }

    private static IEnumerable<ClosedSession> Sessions(int from, int to)
    {
        for (var s = from; s < to; s++)
        {
            var actions = Enumerable.Range(0, 2 + (s % 6)).Select(i => ($"i{((s * 13) + (i * i * 7)) % 30}", i % 3 == 2 ? EventType.Purchase : i % 3 == 1 ? EventType.AddToCart : EventType.View));
            yield return Session($"s{s}", (ulong)(s % 90) + 1, StartMs + (s * 37 * MinuteMs), [.. actions]);
        }
    }
}
