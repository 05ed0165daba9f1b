namespace Streaming.Training.NextItem;

/// <summary>What is known of each item by itself. Ages are shares of the sessions, so that no date or size of a shop is in them.</summary>
internal sealed class ItemFacts
{
    /// <summary>Share of the sessions that counts as lately.</summary>
    private const double Lately = 0.05;

    /// <summary>Reads sessions.</summary>
    public ItemFacts(SessionLog log, ItemCounts counts)
    {
        var n = log.ItemCount;
        (Popularity, Recent, Trend, FirstAge, LastAge, Repeats, Ends) = (new float[n], new float[n], new float[n], new float[n], new float[n], new float[n], new float[n]);
        var (first, last, repeats, ends) = (new int[n], new int[n], new int[n], new int[n]);
        Array.Fill(first, -1);
        var lateFrom = (int)(log.Count * (1 - Lately));
        for (var s = 0; s < log.Count; s++)
        {
            var items = log[s];
            for (var i = 0; i < items.Length; i++)
            {
                var item = items[i];
                if (first[item] < 0) first[item] = s;
                if (s >= lateFrom) Recent[item]++;
                if (items[..i].Contains(item) && last[item] == s) repeats[item]++;
                last[item] = s;
            }

            if (items.Length > 0) ends[items[^1]]++;
        }

        for (var item = 0; item < n; item++)
        {
            var clicks = counts.Clicks[item];
            Trend[item] = (float)((Recent[item] + 1) / ((clicks * Lately) + 1));
            Popularity[item] = MathF.Log(1 + clicks);
            Recent[item] = MathF.Log(1 + Recent[item]);
            FirstAge[item] = (float)(log.Count - Math.Max(0, first[item])) / Math.Max(1, log.Count);
            LastAge[item] = (float)(log.Count - last[item]) / Math.Max(1, log.Count);
            Repeats[item] = (repeats[item] + 1f) / (counts.Sessions[item] + 5f);
            Ends[item] = (ends[item] + 1f) / (clicks + 5f);
        }
    }

    /// <summary>ln(1 + clicks).</summary>
    public float[] Popularity { get; }
    /// <summary>ln(1 + clicks in the last twentieth of the sessions).</summary>
    public float[] Recent { get; }
    /// <summary>Clicks lately beside what was to be expected.</summary>
    public float[] Trend { get; }
    /// <summary>Age of its first click.</summary>
    public float[] FirstAge { get; }
    /// <summary>Age of its last click.</summary>
    public float[] LastAge { get; }
    /// <summary>Clicks again within a session, for each session with it.</summary>
    public float[] Repeats { get; }
    /// <summary>Share of its clicks that ended a session.</summary>
    public float[] Ends { get; }
}
