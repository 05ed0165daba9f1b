using CsCheck;
using Streaming.Core.Items;
using Xunit;

namespace Streaming.Core.Tests.Items;

public sealed class ForwardDecayTests
{
    [Fact]
    public void Sums_after_ten_years_of_short_half_lives_stay_finite_and_right()
    {
        var decay = new ForwardDecay(TimeSpan.FromMinutes(30));
        var sum = 0f;
        var at = TestShop.StartMs;
        for (var day = 0; day < 3650; day++)
        {
            at += TestShop.DayMs;
            sum *= decay.Reach(at);
            sum += decay.Weight(at);
            Assert.True(float.IsFinite(sum));
        }

        Assert.Equal(1f, sum * decay.At(at), 1e-4f);
        Assert.Equal(0.5f, sum * decay.At(at + (30 * TestShop.MinuteMs)), 1e-4f);
    }

    [Fact]
    public void Sums_of_any_order_agree()
    {
        Gen.Select(Gen.Int[0, 400].Array[1, 40], Gen.Int[0, 1000]).Sample((hours, seed) =>
        {
            var inOrder = Sum(hours.Order());
            var shuffled = Sum(hours.OrderBy(h => (h * 7919) ^ seed));
            Assert.Equal(inOrder, shuffled, Math.Max(1e-6, inOrder * 1e-5));
        });
    }

    private static double Sum(IEnumerable<int> hours)
    {
        var decay = new ForwardDecay(TimeSpan.FromHours(1));
        var sum = 0f;
        foreach (var hour in hours)
        {
            var at = TestShop.StartMs + (hour * 3_600_000L);
            sum *= decay.Reach(at);
            sum += decay.Weight(at);
        }

        return sum * decay.At(TestShop.StartMs + (400 * 3_600_000L));
    }
}
