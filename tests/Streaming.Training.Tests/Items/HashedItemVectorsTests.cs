using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using Streaming.Contracts;
using Streaming.Core.Items;

namespace Streaming.Training.Tests.Items;

public sealed class HashedItemVectorsTests
{
    private static readonly CatalogItem Mug = new() { ItemId = "1", Title = "Red Mug, large", Category = "kitchen/mugs", Brand = "Acme", Price = 9.99m };

    /// <summary>Vectors are persisted and must be the same on every machine: they may never change.</summary>
    [Fact]
    public void Of_golden_values()
    {
        Assert.Equal("24087149daf57802", Hash(Of(Mug)));
        Assert.Equal("62ce96448cae00b6", Hash(Of(new CatalogItem { ItemId = "2", Title = "绿茶杯 Tea", Attributes = new Dictionary<string, string> { ["colour"] = "green" } })));
        Assert.Equal("8966ccfffcee269c", Hash(OfId("85123A")));
    }

    [Fact]
    public void Of_is_a_unit_vector() => Gen.Select(Gen.String, Gen.String, Gen.String, Gen.Int[0, 1_000_000]).Sample((title, category, brand, cents) =>
    {
        var vector = Of(new CatalogItem { ItemId = "x", Title = title, Category = category, Brand = brand, Price = cents / 100m });
        Assert.InRange(Dot(vector, vector), 0.9999f, 1.0001f);
    });

    [Fact]
    public void Of_items_that_share_attributes_are_near()
    {
        var other = Mug with { ItemId = "3", Title = "Blue mug, large" };
        var far = new CatalogItem { ItemId = "4", Title = "Garden hose", Category = "garden/watering", Brand = "Wet", Price = 40 };
        Assert.True(Dot(Of(Mug), Of(other)) > 0.6f);
        Assert.True(Dot(Of(Mug), Of(far)) < 0.4f);
        Assert.True(Dot(Of(Mug), Of(other)) > Dot(Of(Mug), Of(Mug with { ItemId = "5", Category = "garden/pots", Brand = "Other" })));
    }

    [Fact]
    public void Of_title_ignores_case_and_marks() => Assert.Equal(Of(Mug), Of(Mug with { Title = "RED mug - Large!" }));

    [Fact]
    public void Of_order_of_attributes_plays_no_part()
    {
        var one = Mug with { Attributes = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } };
        var two = Mug with { Attributes = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } };
        Assert.Equal(Of(one), Of(two));
    }

    [Fact]
    public void Of_item_without_attributes_is_that_of_its_id() => Assert.Equal(OfId("77"), Of(new CatalogItem { ItemId = "77" }));

    [Fact]
    public void Of_any_number_of_dimensions_works()
    {
        foreach (var d in new[] { 1, 7, 64, 65, 200 })
        {
            var vector = new float[d];
            HashedItemVectors.Of(Mug, vector);
            Assert.InRange(Dot(vector, vector), 0.9999f, 1.0001f);
        }
    }

    private static float[] Of(CatalogItem item)
    {
        var vector = new float[64];
        HashedItemVectors.Of(item, vector);
        return vector;
    }

    private static float[] OfId(string id)
    {
        var vector = new float[64];
        HashedItemVectors.Of(Encoding.UTF8.GetBytes(id), vector);
        return vector;
    }

    private static float Dot(float[] a, float[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static string Hash(float[] vector) => VectorTableBlob.Sha256(MemoryMarshal.AsBytes<float>(vector))[..16];
}
