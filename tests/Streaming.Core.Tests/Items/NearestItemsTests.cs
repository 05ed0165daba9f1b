using System.Text;
using CsCheck;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Xunit;

namespace Streaming.Core.Tests.Items;

public sealed class NearestItemsTests
{
    private sealed class Odd : IItemFilter
    {
        public bool IsBlocked(int item) => item % 2 == 1;
    }

    private sealed class None : IItemFilter
    {
        public bool IsBlocked(int item) => false;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Search_any_queries_equals_a_plain_loop_with_ties_by_id(int queryCount)
    {
        // Few distinct vectors, so that most items tie.
        var gen = Gen.Select(Gen.Int[0, 12].Array[1, 60], Gen.Int[-3, 3].Array[8].Array[13], Gen.Int[-3, 3].Array[8].Array[queryCount]);
        gen.Sample((kinds, vectors, queries) =>
        {
            var items = new ItemDictionary();
            var table = new ItemVectorTable(items, 8);
            table.AddVersion("x", kinds.Select((kind, i) => (Encoding.UTF8.GetBytes($"{i * 31 % 97:00}"), vectors[kind].Select(v => (float)v).ToArray())));
            var nearest = new NearestItems();
            nearest.Begin();
            foreach (var q in queries) nearest.AddQuery([.. q.Select(v => (float)v)], 1f);
            var top = new TopItems(items);
            top.Reset(10);
            nearest.Search(table, new Odd(), top);
            // What rounding makes of a right angle is neither here nor there.
            var found = top.Sorted().ToArray().Where(s => s.Score > 1e-3f).ToArray();

            var all = Enumerable.Range(0, items.Count).Where(i => i % 2 == 0)
                .Select(i => (Item: i, Score: queries.Max(q => Cosine(vectors[kinds[i]], q)))).Where(s => s.Score > 1e-3).OrderByDescending(s => s.Score).ToList();
            Assert.Equal(Math.Min(10, all.Count), found.Length);
            for (var i = 0; i < found.Length; i++)
            {
                Assert.Equal(all[i].Score, found[i].Score, 1e-5);
                // Equal vectors have equal scores to the bit: their order is the ids'.
                if (i > 0 && kinds[found[i].Item] == kinds[found[i - 1].Item]) Assert.True(items.Compare(found[i - 1].Item, found[i].Item) < 0);
            }
        }, iter: 300);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(64)]
    [InlineData(72)]
    public void Search_by_bytes_by_vectors_and_by_a_plain_loop_gives_the_same_to_the_bit(int dimensions)
    {
        // Near the edge of the list scores lie close together: the vectors are variations of a few.
        var gen = Gen.Select(Gen.Int[1, 7], Gen.Int[0, 300], Gen.Int[0, 40], Gen.Float[1e-6f, 0.3f], Gen.UInt);
        gen.Sample((queryCount, baseCount, moreCount, spread, seed) =>
        {
            var random = new Random((int)seed);
            float[] Drawn() => [.. Enumerable.Range(0, dimensions).Select(_ => (float)(random.NextDouble() - 0.5))];
            var kinds = Enumerable.Range(0, 5).Select(_ => Drawn()).ToArray();
            (byte[] Id, float[] Vector) Entry(int i)
            {
                var (kind, noise, length) = (kinds[random.Next(kinds.Length)], Drawn(), MathF.Pow(10, random.Next(-3, 4)));
                return (BitConverter.GetBytes(i), [.. kind.Select((x, d) => (x + (spread * noise[d])) * length)]);
            }

            var items = new ItemDictionary();
            var table = new ItemVectorTable(items, dimensions);
            var block = Enumerable.Range(0, baseCount).Select(Entry).ToList();
            if (baseCount > 0) table.AddVersion("base", VectorBlock.Of(items, dimensions, [.. block.Select(e => new VectorTableEntry(e.Id, e.Vector))]));
            table.AddVersion("more", [.. Enumerable.Range(baseCount, moreCount).Select(Entry)]);
            var queries = Enumerable.Range(0, queryCount).Select(i => (Vector: i % 2 == 0 ? kinds[i % kinds.Length] : Drawn(), Weight: 1f / (1 + i))).ToList();
            var found = new[] { true, false }.Select(byCodes =>
            {
                var nearest = new NearestItems(byCodes);
                nearest.Begin();
                foreach (var (vector, weight) in queries) nearest.AddQuery(vector, weight);
                var top = new TopItems(items);
                top.Reset(10);
                nearest.Search(table, new Odd(), top);
                return top.Sorted().ToArray();
            }).ToArray();

            var plain = new TopItems(items);
            plain.Reset(10);
            for (var item = 0; item < items.Count; item += 2)
            {
                var score = queries.Max(q => FixedOrder.Dot(table.Vector(item), Scaled(q.Vector, q.Weight))) * Inverse(table.Vector(item));
                if (score > 0) plain.Offer(item, score);
            }

            var expected = plain.Sorted().ToArray();
            Assert.Equal(expected, found[0]);
            Assert.Equal(expected, found[1]);
        }, iter: 200);

        static float Inverse(ReadOnlySpan<float> vector) => 1 / MathF.Sqrt(FixedOrder.Dot(vector, vector));

        static float[] Scaled(float[] vector, float weight)
        {
            var norm = MathF.Sqrt(FixedOrder.Dot(vector, vector));
            return [.. vector.Select(x => x / norm * weight)];
        }
    }

    [Fact]
    public void Codes_of_any_vector_stay_within_their_bound()
    {
        Gen.Select(Gen.Int[1, 16], Gen.UInt, Gen.Int[-12, 12]).Sample((eighths, seed, exponent) =>
        {
            var (d, random) = (eighths * 8, new Random((int)seed));
            var vector = Enumerable.Range(0, d).Select(_ => (float)(Math.Pow(random.NextDouble(), 3) * (random.Next(2) == 0 ? 1 : -1) * Math.Pow(10, exponent))).ToArray();
            var codes = new VectorCodes(d);
            codes.Append(vector);
            if (codes.Stride == 0) return; // no codes on this machine
            var error = Enumerable.Range(0, d).Sum(i => Math.Pow(((double)vector[i] * codes.InverseNorms[0]) - ((double)codes.Codes[i] * codes.Steps[0]), 2));
            Assert.True(Math.Sqrt(error) <= codes.Steps[0] * codes.ErrorPerStep, $"{Math.Sqrt(error)} beyond {codes.Steps[0] * codes.ErrorPerStep}");
            Assert.True(codes.Codes[d..codes.Stride].IndexOfAnyExcept((sbyte)0) < 0);
        }, iter: 500);
    }

    [Fact]
    public void Search_the_same_direction_twice_scores_by_the_heavier()
    {
        var items = new ItemDictionary();
        var table = new ItemVectorTable(items, 8);
        table.AddVersion("x", [([1], [1, 0, 0, 0, 0, 0, 0, 0]), ([2], [0, 3, 0, 0, 0, 0, 0, 0])]);
        foreach (var weights in new[] { (First: 1f, Second: 0.5f), (First: 0.5f, Second: 1f) })
        {
            var nearest = new NearestItems();
            nearest.Begin();
            nearest.AddQuery([2, 0, 0, 0, 0, 0, 0, 0], weights.First);
            nearest.AddQuery([7, 0, 0, 0, 0, 0, 0, 0], weights.Second);
            nearest.AddQuery([0, 1, 0, 0, 0, 0, 0, 0], 0.25f);
            var top = new TopItems(items);
            top.Reset(5);
            nearest.Search(table, new None(), top);
            Assert.Equal([1f, 0.25f], top.Sorted().ToArray().Select(s => s.Score));
        }
    }

    [Fact]
    public void Search_without_direction_finds_nothing()
    {
        var items = new ItemDictionary();
        var table = new ItemVectorTable(items, 8);
        table.AddVersion("x", [([1], new float[8]), ([2], [1, 0, 0, 0, 0, 0, 0, 0]), ([3], [float.NaN, 0, 0, 0, 0, 0, 0, 0])]);
        var nearest = new NearestItems();
        var top = new TopItems(items);
        top.Reset(10);
        nearest.Begin();
        nearest.AddQuery(new float[8], 1f);
        nearest.AddQuery([float.PositiveInfinity, 0, 0, 0, 0, 0, 0, 0], 1f);
        nearest.Search(table, new None(), top);
        Assert.Equal(0, top.Count);

        nearest.Begin();
        nearest.AddQuery([2, 0, 0, 0, 0, 0, 0, 0], 1f);
        nearest.Search(table, new None(), top);
        Assert.Equal(items.Find([2]), Assert.Single(top.Sorted().ToArray()).Item);
    }

    [Fact]
    public void Search_after_a_new_table_version_sees_its_items()
    {
        var items = new ItemDictionary();
        var table = new ItemVectorTable(items, 8);
        var nearest = new NearestItems();
        var top = new TopItems(items);
        for (var version = 1; version <= 3; version++)
        {
            table.AddVersion($"{version}", Enumerable.Range(0, 300).Select(i => (BitConverter.GetBytes((version * 1000) + i), new float[] { 1, i, 0, 0, 0, 0, 0, 0 })));
            nearest.Begin();
            nearest.AddQuery([1, 0, 0, 0, 0, 0, 0, 0], 1f);
            top.Reset(version * 300);
            nearest.Search(table, new None(), top);
            Assert.Equal(version * 300, top.Count);
        }
    }

    private static double Cosine(int[] x, int[] y)
    {
        double dot = 0, xx = 0, yy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            dot += x[i] * y[i];
            xx += x[i] * x[i];
            yy += y[i] * y[i];
        }

        return xx == 0 || yy == 0 ? 0 : dot / Math.Sqrt(xx * yy);
    }
}
