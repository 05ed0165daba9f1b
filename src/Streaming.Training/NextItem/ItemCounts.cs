namespace Streaming.Training.NextItem;

/// <summary>How often each item was clicked, and in how many sessions.</summary>
internal sealed class ItemCounts
{
    /// <summary>Counts.</summary>
    public ItemCounts(SessionLog log)
    {
        Clicks = new int[log.ItemCount];
        Sessions = new int[log.ItemCount];
        var lastSession = new int[log.ItemCount];
        for (var s = 0; s < log.Count; s++)
        {
            foreach (var item in log[s])
            {
                Clicks[item]++;
                if (lastSession[item] == s + 1) continue;
                lastSession[item] = s + 1;
                Sessions[item]++;
            }
        }
    }

    /// <summary>Clicks of each item.</summary>
    public int[] Clicks { get; }

    /// <summary>Sessions with each item.</summary>
    public int[] Sessions { get; }
}
