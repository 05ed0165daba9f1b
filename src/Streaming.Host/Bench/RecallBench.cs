using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;

namespace Streaming.Host.Bench;

/// <summary>
/// Recall of one user at a time: session neighbours over an index of that many sessions, and the exact nearest items beside a plain sum over the same bytes, turn by turn, so that a busy machine
/// slows both. Sessions of two to eight items, drawn by rank as the fold benchmark's peer draws them; a user's latest items are those of a session drawn likewise.
/// </summary>
public sealed class RecallBench(RecallBenchOptions options)
{
    private const int Dimensions = 64, Turns = 41, Seeds = 1_000;
    private readonly ItemDictionary _items = new();
    private readonly Random _random = new((int)options.Seed);

    /// <summary>Runs it.</summary>
    public RecallBenchResult Run(CancellationToken cancellation)
    {
        using var index = new ItemIndex(_items, new ItemIndexOptions { MaxSessions = Math.Max(options.Sessions, 1) });
        index.Apply(DrawnSessions.Of(_random, options.Sessions, options.Items, cancellation));
        index.Refresh();
        var (neighbours, recall) = Recall(index, cancellation);
        var (vectors, bytes) = Scan(cancellation);
        return new RecallBenchResult(options.Sessions, neighbours, recall, options.Vectors, vectors, bytes);
    }

    private (Percentiles Neighbours, Percentiles Recall) Recall(ItemIndex index, CancellationToken cancellation)
    {
        var neighbours = new double[options.Queries];
        var whole = new double[options.Queries];
        var nowMs = DrawnSessions.StartMs + (options.Sessions * 1_000L);
        var found = new CandidateSet();
        var vectors = new ItemVectorTable(_items, Dimensions);
        var (began, gathered) = (0L, TimeSpan.Zero);
        var recommender = new Recommender(index, new RecallOptions(), new RerankOptions())
        {
            // The first source: what comes before it is to read the profile.
            OnGathered = source => gathered = source == CandidateSource.SessionNeighbours ? Stopwatch.GetElapsedTime(began) : gathered,
        };
        for (var q = -options.Queries / 10; q < options.Queries; q++) // the first tenth warms up
        {
            cancellation.ThrowIfCancellationRequested();
            var user = new UserState(UserKey.User("u")) { EventCount = 1, FirstEventMs = nowMs, LastEventMs = nowMs };
            foreach (var item in DrawnSessions.Draw(_random, options.Items)) ActionRing.Push(user, new RingEntry { Item = _items.GetOrAdd(Encoding.UTF8.GetBytes(DrawnSessions.Id(item))), Type = EventType.View, AtMs = nowMs }, 50);
            began = Stopwatch.GetTimestamp();
            recommender.Collect(user, vectors, nowMs, found);
            if (q < 0) continue;
            (neighbours[q], whole[q]) = (gathered.TotalMilliseconds, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return (Percentiles.Of(neighbours), Percentiles.Of(whole));
    }

    private (FloorShare Vectors, FloorShare Bytes) Scan(CancellationToken cancellation)
    {
        var block = VectorBlock.Of(_items, Dimensions, [.. Entries()]);
        var table = new ItemVectorTable(_items, Dimensions);
        table.AddVersion("scan", block);
        var vectors = new ScanTimes(new NearestItems(byCodes: false), () => Sum<float>(block.Vectors), Turns);
        var bytes = new ScanTimes(new NearestItems(), () => Sum(MemoryMarshal.Cast<sbyte, int>(block.Codes.Codes)) + Sum<float>(block.Codes.Steps), Turns);
        var top = new TopItems(_items);
        for (var turn = -5; turn < Turns; turn++)
        {
            cancellation.ThrowIfCancellationRequested();
            var query = table.Vector(table.ItemsOf(0)[_random.Next(Math.Min(Seeds, table.Count))]);
            vectors.Take(turn, table, query, top);
            bytes.Take(turn, table, query, top);
        }

        return (vectors.Median(), bytes.Median());
    }

    // Four sums side by side, so that it is the memory that is waited for and not the adder.
    private static T Sum<T>(ReadOnlySpan<T> values)
        where T : unmanaged, INumber<T>
    {
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        Vector<T> a = default, b = default, c = default, d = default;
        var i = 0;
        for (; i + 4 <= vectors.Length; i += 4)
        {
            a += vectors[i];
            b += vectors[i + 1];
            c += vectors[i + 2];
            d += vectors[i + 3];
        }

        for (; i < vectors.Length; i++) a += vectors[i];
        var sum = Vector.Sum(a + b + (c + d));
        foreach (var value in values[(vectors.Length * Vector<T>.Count)..]) sum += value;
        return sum;
    }

    private IEnumerable<VectorTableEntry> Entries()
    {
        for (var i = 0; i < options.Vectors; i++)
        {
            var vector = new float[Dimensions];
            for (var d = 0; d < vector.Length; d++) vector[d] = (_random.NextSingle() * 2) - 1;
            yield return new VectorTableEntry(Encoding.UTF8.GetBytes(DrawnSessions.Id(i)), vector);
        }
    }
}
