using Streaming.Contracts;

namespace Streaming.Core.Fold;

/// <summary>Purchases and refunds (docs/fold.md §8).</summary>
public static class PurchaseFold
{
    /// <summary>Counts a purchase or refund.</summary>
    /// <param name="state">Statistics, changed in place.</param>
    /// <param name="type">Purchase or refund.</param>
    /// <param name="quantity">Units.</param>
    /// <param name="unitPriceE4">Price in 1/10,000; -1: none.</param>
    /// <param name="currency">Packed currency; 0: none.</param>
    /// <param name="atMs">Event time.</param>
    /// <param name="position">Offset that opens an episode, should one open.</param>
    /// <param name="settings">Settings in force.</param>
    /// <param name="episodePosition">The profile's episode, changed in place.</param>
    public static void Apply(ref PurchaseState state, EventType type, int quantity, long unitPriceE4, int currency, long atMs, long position,
        FoldSettings settings, ref long episodePosition)
    {
        if (type == EventType.Refund)
        {
            if (unitPriceE4 >= 0 && state.Lines > 0 && currency == state.Currency) state.RefundedE4 = AddSaturating(state.RefundedE4, quantity, unitPriceE4);
            return;
        }

        state.Lines++;
        state.Units += quantity;
        if (unitPriceE4 >= 0)
        {
            if (state.Currency == 0) state.Currency = currency;
            if (state.Currency == currency) state.AmountE4 = AddSaturating(state.AmountE4, quantity, unitPriceE4);
            else state.OtherCurrency++;
        }

        var gap = atMs - state.LastMs;
        if (state.Occasions == 0)
        {
            state.Occasions = 1;
            state.FirstMs = state.LastMs = atMs;
            episodePosition = position;
        }
        else if (gap > settings.OccasionGapMs)
        {
            state.GapCount++;
            var delta = gap - state.GapMeanMs;
            state.GapMeanMs += delta / state.GapCount;
            state.GapM2 += delta * (gap - state.GapMeanMs);
            state.Occasions++;
            state.LastMs = atMs;
            episodePosition = position;
        }
        else if (gap >= 0)
        {
            state.LastMs = atMs;
        }
        else
        {
            if (-gap > settings.OccasionGapMs) state.Occasions++;
            state.FirstMs = Math.Min(state.FirstMs, atMs);
        }
    }

    private static long AddSaturating(long sum, int quantity, long unitPriceE4)
    {
        var high = Math.BigMul(quantity, unitPriceE4, out var low);
        if (high != low >> 63) return long.MaxValue;
        return low > long.MaxValue - sum ? long.MaxValue : sum + low;
    }
}
