using System.Globalization;
using Streaming.Contracts;

namespace Streaming.Host.Bench;

/// <summary>Closed sessions of two to eight items, drawn by rank as the fold benchmark's peer draws them.</summary>
internal static class DrawnSessions
{
    /// <summary>Time of the first, ms; each further one is a second later.</summary>
    public const long StartMs = PeerDraw.StartMs;

    /// <summary>So many sessions, each of another user.</summary>
    public static IEnumerable<ClosedSession> Of(Random random, int sessions, int items, CancellationToken cancellation)
    {
        for (var i = 0; i < sessions; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var at = StartMs + (i * 1_000L);
            yield return new ClosedSession
            {
                SessionId = i.ToString(CultureInfo.InvariantCulture),
                UserHash = (ulong)i + 1,
                StartMs = at,
                EndMs = at + 60_000,
                Actions = [.. Draw(random, items).Select(item => new SessionAction(Id(item), "view", at))],
            };
        }
    }

    /// <summary>Item numbers of one session.</summary>
    public static int[] Draw(Random random, int items)
    {
        var drawn = new int[random.Next(2, 9)];
        for (var i = 0; i < drawn.Length; i++)
        {
            var x = random.NextDouble();
            drawn[i] = (int)(items * x * x);
        }

        return drawn;
    }

    /// <summary>Id of an item.</summary>
    public static string Id(int item) => "i" + item.ToString(CultureInfo.InvariantCulture);
}
