using System.Text;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Host.Audit.Reference;

namespace Streaming.Host.Audit;

/// <summary>
/// Holds a stored profile against the reference's: versions, counters, ring, session, purchases, lists and identity exactly; vectors, masses and weights to 1e-6, relative to the greatest
/// absolute element of the vector.
/// </summary>
internal sealed class RowComparer(ItemDictionary items)
{
    private const double Tolerance = 1e-6;

    /// <summary>The first difference, as "field: stored … instead of …"; null where there is none.</summary>
    /// <param name="stored">The row.</param>
    /// <param name="expected">The reference's profile.</param>
    /// <param name="withVectors">False where the row holds none on purpose and its next reader derives them from the ring.</param>
    public string? Difference(UserState stored, RefProfile expected, bool withVectors) =>
        Identity(stored, expected) ?? Counters(stored, expected) ?? Ring(stored, expected) ?? Session(stored, expected) ?? Purchases(stored, expected) ?? Lists(stored, expected)
        ?? Versions(stored, expected) ?? (withVectors ? Vectors(stored, expected) : null);

    // A row that says another version than it was folded with is derived from other weights, or has vectors counted twice, at its next touch.
    private static string? Versions(UserState s, RefProfile e) =>
        Differ("settingsVersion", s.SettingsVersion, e.Settings.Version) ?? Differ("tableVersion", s.TableVersion, e.TableVersion);

    private static string? Identity(UserState s, RefProfile e) =>
        s.IsErased != e.IsErased ? e.IsErased ? "an erased user's profile is present" : "the profile is a tombstone, but events came after the erase"
        : Differ("erasedAt", s.ErasedAt, e.ErasedAt) ?? (s.ErasedAtMs == 0 ? null : Differ("erasedAtMs", s.ErasedAtMs, e.ErasedAtMs)) ?? (s.LinkedAtMs == 0 ? null : Differ("linkedAtMs", s.LinkedAtMs, e.LinkedAtMs)) // 0 in rows of earlier versions
        ?? Differ("consent", s.Consent, e.Consent) ?? Differ("consentGiven", s.ConsentGiven, e.ConsentGiven)
        ?? Differ("linkedTo", s.LinkedTo?.ToString(), e.LinkedTo) ?? Differ("linkGeneration", s.LinkGeneration, e.LinkGeneration)
        ?? Sequence("guests", [.. s.Guests.Select(g => new RefGuest(g.Key.ToString(), g.Generation))], e.Guests)
        ?? Sequence("brokenGuests", [.. s.BrokenGuests.Select(g => new RefGuest(g.Key.ToString(), g.Generation))], e.BrokenGuests)
        ?? Differ("episodePosition", s.EpisodePosition, e.EpisodePosition) ?? Differ("alertedEpisode", s.AlertedEpisode, e.AlertedEpisode)
        ?? Differ("alertedAtMs", s.AlertedAtMs, e.AlertedAtMs);

    private static string? Counters(UserState s, RefProfile e)
    {
        for (var type = 0; type < EventTypes.Count; type++)
        {
            if (s.Counts[type] != e.Counts[type]) return $"count of {((EventType)type).WireName()}: stored {s.Counts[type]} instead of {e.Counts[type]}";
        }

        for (var state = 1; state < s.Messages.Length; state++)
        {
            if (s.Messages[state] != e.Messages[state]) return $"messages[{state}]: stored {s.Messages[state]} instead of {e.Messages[state]}";
        }

        return Differ("eventCount", s.EventCount, e.EventCount) ?? Differ("firstEventMs", s.FirstEventMs, e.FirstEventMs) ?? Differ("lastEventMs", s.LastEventMs, e.LastEventMs);
    }

    private string? Ring(UserState s, RefProfile e) => Sequence("ring", [.. Enumerable.Range(0, s.RingCount).Select(i => Action(s.RingAt(i)))], e.Ring);

    private string? Session(UserState s, RefProfile e)
    {
        var stored = s.Session;
        if (e.Session is not { } session) return stored.EventCount == 0 ? null : $"session: stored one of {stored.EventCount} events instead of none";
        return Differ("session.eventCount", stored.EventCount, session.EventCount) ?? Differ("session.id", stored.IdHash, Hash(session.Id))
            ?? Differ("session.openedAt", stored.OpenedAt, session.OpenedAt) ?? Differ("session.startMs", stored.StartMs, session.StartMs) ?? Differ("session.lastMs", stored.LastMs, session.LastMs)
            ?? Sequence("session.actions", [.. (stored.Actions ?? []).Take(stored.ActionCount).Select(a => Action(a))], session.Actions);
    }

    private static string? Purchases(UserState s, RefProfile e)
    {
        var (stored, p) = (s.Purchases, e.Purchases);
        return Differ("purchases.lines", stored.Lines, p.Lines) ?? Differ("purchases.units", stored.Units, p.Units) ?? Differ("purchases.occasions", stored.Occasions, p.Occasions)
            ?? Differ("purchases.amountE4", stored.AmountE4, p.AmountE4) ?? Differ("purchases.refundedE4", stored.RefundedE4, p.RefundedE4)
            ?? Differ("purchases.otherCurrency", stored.OtherCurrency, p.OtherCurrency) ?? Differ("purchases.currency", stored.Currency, RefLinks.PackCurrency(p.Currency))
            ?? Differ("purchases.firstMs", stored.FirstMs, p.FirstMs) ?? Differ("purchases.lastMs", stored.LastMs, p.LastMs) ?? Differ("purchases.gapCount", stored.GapCount, p.GapCount)
            ?? Differ("purchases.gapMeanMs", stored.GapMeanMs, p.GapMeanMs) ?? Differ("purchases.gapM2", stored.GapM2, p.GapM2);
    }

    private string? Lists(UserState s, RefProfile e)
    {
        var ids = Enumerable.Range(0, s.RecentIdsCount).Select(i => s.RecentIds[(s.RecentIdsNext - s.RecentIdsCount + i + s.RecentIds.Length) % s.RecentIds.Length]).ToList();
        return Sequence("bought", [.. s.Bought.Take(s.BoughtCount).Select(b => (items.Text(b.Item), b.Count, b.LastMs))], [.. e.Bought.Select(b => (b.Item, b.Count, b.LastMs))])
            ?? Sequence("impressions", [.. s.Impressions.Take(s.ImpressionCount).Select(i => (items.Text(i.Item), i.Count, i.LastMs))], [.. e.Impressions.Select(i => (i.Item, i.Count, i.LastMs))])
            ?? Sequence("excluded", [.. s.Excluded.Take(s.ExcludedCount).Select(items.Text)], e.Excluded)
            ?? Sequence("recentIds", ids, [.. e.RecentIds.Select(Hash)])
            ?? Near("bought weights", [.. s.Bought.Take(s.BoughtCount).Select(b => (double)b.Weight)], [.. e.Bought.Select(b => (double)b.Weight)]);
    }

    private static string? Vectors(UserState s, RefProfile e)
    {
        if (s.Vectors is null != e.Vectors is null) return s.Vectors is null ? "vectors: stored none" : "vectors: stored some instead of none";
        if (s.Vectors is not null)
        {
            var d = s.Vectors.Length / FoldOptions.HalfLifeCount;
            for (var k = 0; k < FoldOptions.HalfLifeCount; k++)
            {
                var difference = Differ($"landmark[{k}]", s.LandmarkMs[k], e.LandmarkMs[k])
                    ?? Near($"vector[{k}]", [.. s.Vectors.AsSpan(k * d, d).ToArray().Select(v => (double)v)], [.. e.Vectors![k].Select(v => (double)v)])
                    ?? Near($"mass[{k}]", [s.Mass[k]], [e.Mass[k]]);
                if (difference is not null) return difference;
            }
        }

        if (s.InterestCount != e.Interests.Count) return $"interests: stored {s.InterestCount} instead of {e.Interests.Count}";
        for (var i = 0; i < s.InterestCount; i++)
        {
            var (stored, interest) = (s.Interests[i], e.Interests[i]);
            var difference = Differ($"interest[{i}].lastMs", stored.LastMs, interest.LastMs) ?? Near($"interest[{i}].weight", [stored.Weight], [interest.Weight])
                ?? Near($"interest[{i}].centroid", [.. stored.Centroid.Select(v => (double)v)], [.. interest.Centroid.Select(v => (double)v)]);
            if (difference is not null) return difference;
        }

        return null;
    }

    private RefAction Action(in RingEntry entry) => new(items.Text(entry.Item), entry.Type, entry.RatingE1, entry.AtMs);

    private static ulong Hash(string? id) => id is null ? 0 : Hash64.Of(Encoding.UTF8.GetBytes(id));

    private static string? Differ<T>(string name, T stored, T expected) =>
        EqualityComparer<T>.Default.Equals(stored, expected) ? null : $"{name}: stored {Show(stored)} instead of {Show(expected)}";

    private static string? Sequence<T>(string name, List<T> stored, List<T> expected)
    {
        if (stored.Count != expected.Count) return $"{name}: stored {stored.Count} entries instead of {expected.Count}";
        for (var i = 0; i < stored.Count; i++)
        {
            if (Differ($"{name}[{i}]", stored[i], expected[i]) is { } difference) return difference;
        }

        return null;
    }

    private static string? Near(string name, List<double> stored, List<double> expected)
    {
        if (stored.Count != expected.Count) return $"{name}: stored {stored.Count} elements instead of {expected.Count}";
        var scale = expected.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < stored.Count; i++)
        {
            if (!(Math.Abs(stored[i] - expected[i]) <= Tolerance * scale)) return $"{name}[{i}]: stored {stored[i]:R} instead of {expected[i]:R}";
        }

        return null;
    }

    private static string Show<T>(T value) => value is null ? "none" : FormattableString.Invariant($"{value}");
}
