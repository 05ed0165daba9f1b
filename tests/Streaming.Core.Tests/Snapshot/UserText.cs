using System.Globalization;
using System.Text;
using Streaming.Core.Fold;
using Streaming.Core.Items;

namespace Streaming.Core.Tests.Snapshot;

/// <summary>A profile as one line of text: every field of a row.</summary>
internal static class UserText
{
    public static string Of(UserState u, ItemDictionary items)
    {
        var text = new StringBuilder();
        Add("key", Encoding.UTF8.GetString(u.Key.Bytes));
        Add("events", u.EventCount, u.FirstEventMs, u.LastEventMs, List(u.Counts.ToArray()));
        Add("vectors", u.IsRingWhole, u.Vectors is null ? "-" : List(u.Vectors), List(u.LandmarkMs.ToArray()), List(u.Mass.ToArray()));
        Add("interests", List(u.Interests.Take(u.InterestCount).Select(i => $"{List(i.Centroid)}*{Text(i.Weight)}@{i.LastMs}")));
        Add("ring", List(Enumerable.Range(0, u.RingCount).Select(i => Entry(u.RingAt(i)))));
        Add("session", u.Session.EventCount, u.Session.IdHash, u.Session.OpenedAt, u.Session.StartMs, u.Session.LastMs, List((u.Session.Actions ?? []).Take(u.Session.ActionCount).Select(Entry)));
        var p = u.Purchases;
        Add("purchases", p.Lines, p.Units, p.Occasions, p.AmountE4, p.RefundedE4, p.OtherCurrency, p.Currency, p.FirstMs, p.LastMs, p.GapCount, p.GapMeanMs, p.GapM2);
        Add("bought", List(u.Bought.Take(u.BoughtCount).Select(b => $"{Item(b.Item)}x{b.Count}@{b.LastMs}*{Text(b.Weight)}")));
        Add("impressions", List(u.Impressions.Take(u.ImpressionCount).Select(i => $"{Item(i.Item)}x{i.Count}@{i.LastMs}")));
        Add("excluded", List(u.Excluded.Take(u.ExcludedCount).Select(Item)));
        Add("ids", List(Enumerable.Range(0, u.RecentIdsCount).Select(i => RecentIds.At(u, i))));
        Add("consent", u.Consent, u.ConsentGiven, List(u.Messages.ToArray()));
        Add("links", u.LinkedTo is { } linked ? Encoding.UTF8.GetString(linked.Bytes) : "-", u.LinkGeneration, List(u.Guests.Select(Guest)), List(u.BrokenGuests.Select(Guest)));
        Add("episode", u.EpisodePosition, u.AlertedEpisode, u.ErasedAt, u.IsErased);
        Add("beside", u.TableVersion, u.SettingsVersion, u.AppliedEvents, u.AppliedLinks, u.AppliedSequence, u.StoredSessionBucket, u.StoredChurnBucket, u.IndexedSessionDueMs, u.IndexedChurnDueMs);
        if (u.LinkedAtMs != 0 || u.ErasedAtMs != 0) Add("times", u.LinkedAtMs, u.ErasedAtMs); // rows of version 2
        if (u.AlertedAtMs != 0) Add("alerted", u.AlertedAtMs); // rows of version 3
        return text.ToString().TrimEnd();

        void Add(string name, params object[] values) => text.Append(name).Append('=').AppendJoin('|', values.Select(Text)).Append(' ');
        string Item(int item) => Encoding.UTF8.GetString(items.Id(item)).Replace(' ', '_');
        string Entry(RingEntry e) => $"{Item(e.Item)}/{e.Type}/{e.RatingE1}@{e.AtMs}";
        static string Guest(LinkedGuest g) => $"{Encoding.UTF8.GetString(g.Key.Bytes)}#{g.Generation}";
    }

    private static string List<T>(IEnumerable<T> values) => "[" + string.Join(',', values.Select(v => Text(v!))) + "]";

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
