using System.Text;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;

namespace Streaming.Core.Tests.Items;

/// <summary>A small shop: item numbers, index, recommender, users.</summary>
internal sealed class TestShop : IDisposable
{
    public const long StartMs = 1_700_000_000_000;
    public const long MinuteMs = 60_000;
    public const long DayMs = 86_400_000;

    public TestShop(ItemIndexOptions? index = null, RecallOptions? recall = null, RerankOptions? rerank = null, IEnumerable<string>? numberFirst = null)
    {
        foreach (var id in numberFirst ?? []) Items.GetOrAdd(Encoding.UTF8.GetBytes(id));
        Index = new ItemIndex(Items, index ?? new ItemIndexOptions());
        Recommender = new Recommender(Index, recall ?? new RecallOptions { MinSupport = 1 }, rerank ?? new RerankOptions());
        Vectors = new ItemVectorTable(Items, 8);
    }

    public ItemDictionary Items { get; } = new();
    public ItemIndex Index { get; }
    public Recommender Recommender { get; set; }
    public ItemVectorTable Vectors { get; }

    public int Number(string id) => Items.GetOrAdd(Encoding.UTF8.GetBytes(id));

    public static ClosedSession Session(string id, ulong user, long endMs, params (string Item, EventType Type)[] actions) => new()
    {
        SessionId = id,
        UserHash = user,
        StartMs = endMs - (actions.Length * 1000),
        EndMs = endMs,
        Actions = [.. actions.Select((a, i) => new SessionAction(a.Item, a.Type.WireName(), endMs - ((actions.Length - 1 - i) * 1000)))],
    };

    public static ClosedSession Views(string id, ulong user, long endMs, params string[] items) => Session(id, user, endMs, [.. items.Select(i => (i, EventType.View))]);

    public static ClosedSession Buys(string id, ulong user, long endMs, params string[] items) => Session(id, user, endMs, [.. items.Select(i => (i, EventType.Purchase))]);

    public void Learn(params ClosedSession[] sessions)
    {
        Index.Apply(sessions);
        Index.Refresh();
    }

    public void Catalog(params CatalogItem[] items)
    {
        Index.Apply(items.Select(i => new CatalogChange(i.ItemId, i)));
        Index.Refresh();
    }

    public UserState User(long atMs, params (string Item, EventType Type)[] actions)
    {
        var user = new UserState(UserKey.User("someone")) { EventCount = actions.Length, FirstEventMs = atMs, LastEventMs = atMs };
        var settings = new FoldSettings(new FoldOptions(), ConsentFlags.All);
        foreach (var (item, type) in actions)
        {
            ActionRing.Push(user, new RingEntry { Item = Number(item), Type = type, AtMs = atMs }, 50);
            if (type == EventType.Purchase) ItemLists.AddBought(user, Number(item), atMs, settings);
            if (type == EventType.NotInterested) ItemLists.Exclude(user, Number(item), 64);
        }

        return user;
    }

    public CandidateSet Collect(UserState user, long nowMs)
    {
        var set = new CandidateSet();
        Recommender.Collect(user, Vectors, nowMs, set);
        return set;
    }

    /// <summary>Item → scaled score of one source.</summary>
    public Dictionary<string, float> Source(UserState user, long nowMs, CandidateSource source)
    {
        var found = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var c in Collect(user, nowMs).Candidates)
        {
            if ((c.Sources & (1 << (int)source)) != 0) found.Add(Items.Text(c.Item), c.Scores[(int)source]);
        }

        return found;
    }

    public List<string> Recommend(UserState user, long nowMs, int count)
    {
        var set = Collect(user, nowMs);
        Recommender.Blend(set);
        Recommender.Rerank(user, nowMs, set, count);
        return Texts(set);
    }

    public List<string> Texts(CandidateSet set)
    {
        var texts = new List<string>();
        foreach (var c in set.Candidates) texts.Add(Items.Text(c.Item));
        return texts;
    }

    public void Dispose() => Index.Dispose();
}
