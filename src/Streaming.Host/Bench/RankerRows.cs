using System.Diagnostics;
using System.Globalization;
using System.Text;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Core.Score;

namespace Streaming.Host.Bench;

/// <summary>Rows of features as a shard makes them: users over an index of sessions, their candidates gathered by the engine's recommender, their columns filled by it. Filling is timed.</summary>
internal sealed class RankerRows : IDisposable
{
    private const int Dimensions = 64, Items = 20_000, Sessions = 20_000, Users = 32, Fills = 20;
    private const long StartMs = 1_767_225_600_000;
    private readonly ItemDictionary _items = new();
    private readonly ItemIndex _index;
    private readonly ItemVectorTable _vectors;
    private readonly FoldSettings _fold = new(new FoldOptions(), ConsentFlags.All);
    private readonly Random _random;
    private readonly List<float[]> _rows = [];

    /// <summary>Draws users and fills their rows.</summary>
    /// <param name="seed">Seed of the draw.</param>
    /// <param name="cancellation">Gives it up.</param>
    public RankerRows(ulong seed, CancellationToken cancellation)
    {
        _random = new Random((int)seed);
        _index = new ItemIndex(_items, new ItemIndexOptions());
        _index.Apply(Enumerable.Range(0, Sessions).Select(Session));
        _index.Refresh();
        _vectors = new ItemVectorTable(_items, Dimensions);
        _vectors.AddVersion("bench", FoldBench.Vectors(Items, Dimensions).Select(e => (e.ItemId, e.Vector)));
        var recommender = new Recommender(_index, new RecallOptions(), new RerankOptions());
        var times = new List<double>();
        for (var u = 0; u < Users; u++)
        {
            cancellation.ThrowIfCancellationRequested();
            Fill(recommender, User(), times);
        }

        FillMicrosecondsPerRow = Percentiles.Of([.. times]).P50;
    }

    /// <summary>Time of filling one row, median.</summary>
    public double FillMicrosecondsPerRow { get; }

    /// <summary>Copies rows of users, one user after another, from a user on.</summary>
    public void CopyTo(Span<float> into, int from)
    {
        for (var u = from; !into.IsEmpty; u++)
        {
            var rows = _rows[u % _rows.Count];
            var length = Math.Min(rows.Length, into.Length);
            rows.AsSpan(0, length).CopyTo(into);
            into = into[length..];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _index.Dispose();

    private void Fill(Recommender recommender, UserState user, List<double> times)
    {
        var found = new CandidateSet();
        var nowMs = StartMs + (Sessions * 1_000L);
        recommender.Collect(user, _vectors, nowMs, found);
        if (found.Count == 0) return;
        var rows = new float[found.Count * RankerFeatures.Count];
        for (var i = 0; i < Fills; i++)
        {
            var began = Stopwatch.GetTimestamp();
            recommender.WriteFeatures(user, _vectors, nowMs, found, rows);
            if (_rows.Count >= Users / 4) times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds / found.Count); // the first quarter warms up
        }

        _rows.Add(rows);
    }

    private UserState User()
    {
        var nowMs = StartMs + (Sessions * 1_000L);
        var user = new UserState(UserKey.User("u")) { EventCount = 20, FirstEventMs = StartMs, LastEventMs = nowMs, TableVersion = _vectors.Version };
        for (var i = 20; i > 0; i--)
            ActionRing.Push(user, new RingEntry { Item = _items.GetOrAdd(Encoding.UTF8.GetBytes(Id(Draw()))), Type = i % 5 == 0 ? EventType.AddToCart : EventType.View, AtMs = nowMs - (i * 60_000L) }, 50);
        InterestFold.Rebuild(user, _fold, _vectors);
        return user;
    }

    private ClosedSession Session(int i)
    {
        var at = StartMs + (i * 1_000L);
        return new ClosedSession
        {
            SessionId = i.ToString(CultureInfo.InvariantCulture), UserHash = (ulong)i + 1, StartMs = at, EndMs = at + 60_000,
            Actions = [.. Enumerable.Range(0, _random.Next(2, 9)).Select(_ => new SessionAction(Id(Draw()), "view", at))],
        };
    }

    private int Draw()
    {
        var x = _random.NextDouble();
        return (int)(Items * x * x);
    }

    private static string Id(int item) => "i" + item.ToString(CultureInfo.InvariantCulture);
}
