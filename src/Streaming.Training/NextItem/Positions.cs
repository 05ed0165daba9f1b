namespace Streaming.Training.NextItem;

/// <summary>Labelled positions of train sessions: each click after a session's first.</summary>
internal static class Positions
{
    /// <summary>Positions of sessions in a random order, at most so many.</summary>
    /// <param name="log">Sessions.</param>
    /// <param name="most">Most positions.</param>
    /// <param name="random">Chooses and orders them.</param>
    public static TestRows Of(SessionLog log, int most, SeededRandom random)
    {
        var all = new List<(int Session, int At)>();
        for (var s = 0; s < log.Count; s++)
        {
            for (var at = 1; at < log[s].Length; at++) all.Add((s, at));
        }

        var order = all.ToArray();
        random.Shuffle<(int, int)>(order);
        var rows = new TestRows();
        foreach (var (session, at) in order.AsSpan(0, Math.Min(most, order.Length))) rows.Add(log[session][..at], log[session][at]);
        return rows;
    }
}
