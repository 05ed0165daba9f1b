using Streaming.Training.Trees;

namespace Streaming.Training.Tests.Trees;

public sealed class BinnedRowsTests
{
    [Fact]
    public void Cut_bins_of_equal_mass_whatever_the_blocks()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(i => (float)(i * 7 % 1000))];
        var whole = BinnedRows.Cut([values], 1, 10);
        Assert.Equal(Enumerable.Range(0, 10), whole.Bins.Select(b => (int)b).Distinct().Order());
        Assert.All(whole.Bins.GroupBy(b => b), bin => Assert.InRange(bin.Count(), 99, 101));
        Assert.Equal(whole.Bins, BinnedRows.Cut([values[..300], values[300..]], 1, 10).Bins);
    }

    [Fact]
    public void Cut_a_value_at_an_end_belongs_to_the_bin_below()
    {
        var rows = BinnedRows.Cut([[1, 1, 2, 2, 3, 3]], 1, 256);
        Assert.Equal([1f, 2f], rows.Ends[0]);
        Assert.Equal<byte>([0, 0, 1, 1, 2, 2], rows.Bins);
    }

    [Fact]
    public void Cut_what_never_varies_has_no_ends()
    {
        var rows = BinnedRows.Cut([[5, float.NaN, 5, float.NaN]], 2, 256);
        Assert.All(rows.Ends, Assert.Empty);
        Assert.Equal(2, rows.Count);
        Assert.Equal(0, BinnedRows.Cut([[]], 3, 16).Count);
    }

    // Trees send what is no number to the right; so must the bins, or it is learned from where it is never looked for.
    [Fact]
    public void Cut_no_number_is_in_the_last_bin()
    {
        var rows = BinnedRows.Cut([[1, 2, 3, 4, float.NaN, float.NegativeInfinity]], 1, 256);
        Assert.Equal(rows.Ends[0].Length, rows.Bins[4]);
        Assert.Equal(0, rows.Bins[5]);
    }

    [Fact]
    public void Cut_of_many_rows_takes_a_sample_but_bins_them_all()
    {
        float[] values = [.. Enumerable.Range(0, 250_000).Select(i => i % 2 == 0 ? i : -1f)]; // every second row is taken: the even ones
        var rows = BinnedRows.Cut([values], 1, 4);
        Assert.Equal(250_000, rows.Bins.Length);
        Assert.DoesNotContain(-1f, rows.Ends[0]);
        Assert.Equal(125_000, rows.Bins.Where((_, i) => i % 2 == 1).Count(b => b == 0));
    }
}
