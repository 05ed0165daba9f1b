using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Fold;
using Streaming.Core.Items;

namespace Streaming.Core.Shard;

/// <summary>Copies a profile into text for people.</summary>
public static class UserViews
{
    /// <summary>The view of a profile.</summary>
    public static UserView Of(UserState user, ItemDictionary items, FoldOptions fold, ChurnModel? churn, long streamTimeMs, bool degraded = false)
    {
        var counts = new SortedDictionary<string, uint>(StringComparer.Ordinal);
        for (var i = 1; i < user.Counts.Length; i++)
        {
            if (user.Counts[i] > 0) counts.Add(((EventType)i).WireName(), user.Counts[i]);
        }

        return new UserView
        {
            Key = user.Key.ToString(),
            EventCount = user.EventCount,
            Counts = counts,
            FirstEventMs = user.FirstEventMs,
            LastEventMs = user.LastEventMs,
            VectorNorms = Norms(user, fold),
            Interests = [.. user.Interests.AsSpan(0, user.InterestCount).ToArray().Select(i => (i.Weight, i.LastMs))],
            Latest = [.. Enumerable.Range(0, user.RingCount).Select(i => user.RingAt(user.RingCount - 1 - i)).Select(e => (items.Text(e.Item), e.Type.WireName(), e.AtMs))],
            SessionEvents = user.Session.EventCount,
            Occasions = user.Purchases.Occasions,
            Amount = user.Purchases.AmountE4 / 10_000m,
            MeanGapDays = user.Purchases.GapCount == 0 ? null : user.Purchases.GapMeanMs / 86_400_000,
            ChurnRisk = churn is not null && ChurnModel.Fits(user) ? churn.Risk(user, streamTimeMs) : null,
            Consent = user.Consent.ToString(),
            LinkedTo = user.LinkedTo?.ToString(),
            Guests = [.. user.Guests.Select(g => g.Key.ToString())],
            AppliedEvents = user.AppliedEvents,
            Degraded = degraded,
        };
    }

    private static double[] Norms(UserState user, FoldOptions fold)
    {
        var norms = new double[FoldOptions.HalfLifeCount];
        TimeSpan[] halfLives = [fold.ShortHalfLife, fold.MediumHalfLife, fold.LongHalfLife];
        if (user.Vectors is null) return user is { IsRingWhole: true, RingCount: > 0 } ? [] : norms; // a row that holds the ring alone, read without a table
        var dimensions = user.Vectors.Length / norms.Length;
        for (var k = 0; k < norms.Length; k++)
        {
            var vector = user.Vectors.AsSpan(k * dimensions, dimensions);
            // Kept as sums relative to a landmark (docs/fold.md §4); shown as of the last event.
            norms[k] = Math.Sqrt(FixedOrder.Dot(vector, vector)) * Math.Pow(2, (user.LandmarkMs[k] - user.LastEventMs) / halfLives[k].TotalMilliseconds);
        }

        return norms;
    }
}
