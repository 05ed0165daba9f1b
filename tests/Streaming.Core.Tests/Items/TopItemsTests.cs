using System.Text;
using CsCheck;
using Streaming.Core.Items;
using Xunit;

namespace Streaming.Core.Tests.Items;

public sealed class TopItemsTests
{
    [Fact]
    public void TopItems_any_scores_equal_a_full_sort_with_ties_by_id()
    {
        var items = new ItemDictionary();
        for (var i = 0; i < 300; i++) items.GetOrAdd(Encoding.UTF8.GetBytes($"i{i * 7919 % 300}"));
        Gen.Select(Gen.Int[0, 5].Array[0, 300], Gen.Int[0, 40]).Sample((scores, k) =>
        {
            var top = new TopItems(items);
            top.Reset(k);
            for (var i = 0; i < scores.Length; i++) top.Offer(i, scores[i] == 5 ? float.NaN : scores[i]);
            var expected = Enumerable.Range(0, scores.Length).Where(i => scores[i] != 5)
                .OrderByDescending(i => scores[i]).ThenBy(items.Text, StringComparer.Ordinal).Take(k);
            Assert.Equal(expected, top.Sorted().ToArray().Select(s => s.Item));
        }, iter: 500);
    }
}
