using System.Globalization;
using System.Text;
using Streaming.Core.Items;

namespace Streaming.Training.NextItem;

/// <summary>Reads the form <c>clicks</c>: SessionId, ItemId and Time (seconds since 1970) with tabs, found by their names in the header.</summary>
internal static class ClickFiles
{
    private static readonly string[] Columns = ["SessionId", "ItemId", "Time"];

    /// <summary>Reads train clicks: sessions in the order of their last click, clicks in the order of their times, file order where these are equal.</summary>
    /// <param name="stream">Decompressed bytes.</param>
    /// <param name="ids">Numbers the items.</param>
    /// <param name="rows">Counts bad rows.</param>
    /// <exception cref="InvalidDataException">A column is missing.</exception>
    public static SessionLog ReadTrain(Stream stream, ItemDictionary ids, RowReader rows) => ReadTrain(stream, ids, rows, out _);

    /// <summary>Reads train clicks as <see cref="ReadTrain(Stream, ItemDictionary, RowReader)"/> does.</summary>
    /// <param name="stream">Decompressed bytes.</param>
    /// <param name="ids">Numbers the items.</param>
    /// <param name="rows">Counts bad rows.</param>
    /// <param name="span">Times of the first and the last click, seconds; null where there is none.</param>
    /// <exception cref="InvalidDataException">A column is missing.</exception>
    public static SessionLog ReadTrain(Stream stream, ItemDictionary ids, RowReader rows, out (double From, double To)? span)
    {
        span = null;
        var log = new SessionLogBuilder(ids);
        foreach (var session in Sessions(stream, rows).OrderBy(s => s[^1].Time))
        {
            span = (Math.Min(span?.From ?? session[0].Time, session[0].Time), session[^1].Time);
            foreach (var (item, _) in session) log.Add(item);
            log.End();
        }

        return log.Build();
    }

    /// <summary>Reads test clicks: each click after a session's first is a row, the longest prefix of a session first.</summary>
    /// <param name="stream">Decompressed bytes.</param>
    /// <param name="ids">Numbers of the train items; others are added.</param>
    /// <param name="rows">Counts bad rows.</param>
    /// <exception cref="InvalidDataException">A column is missing.</exception>
    public static TestRows ReadTest(Stream stream, ItemDictionary ids, RowReader rows)
    {
        var test = new TestRows();
        foreach (var session in Sessions(stream, rows))
        {
            int[] items = [.. session.Select(click => ids.GetOrAdd(Encoding.UTF8.GetBytes(click.Item)))];
            for (var at = items.Length - 1; at > 0; at--) test.Add(items.AsSpan(0, at), items[at]);
        }

        return test;
    }

    // In the order of their first row.
    private static List<List<(string Item, double Time)>> Sessions(Stream stream, RowReader rows)
    {
        var sessions = new List<List<(string Item, double Time)>>();
        var byId = new Dictionary<string, List<(string Item, double Time)>>(StringComparer.Ordinal);
        int[]? places = null;
        foreach (var line in rows.Lines(stream))
        {
            var fields = line.Split('\t');
            if (places is null) places = Places(fields);
            else if (TryParse(fields, places, rows, out var time))
            {
                if (!byId.TryGetValue(fields[places[0]], out var session)) byId.Add(fields[places[0]], session = []);
                if (session.Count == 0) sessions.Add(session);
                session.Add((fields[places[1]], time));
            }
        }

        for (var s = 0; s < sessions.Count; s++) sessions[s] = [.. sessions[s].OrderBy(click => click.Time)];
        return sessions;
    }

    private static int[] Places(string[] header) =>
    [
        .. Columns.Select(column => Array.FindIndex(header, name => string.Equals(name.Trim(), column, StringComparison.OrdinalIgnoreCase)) is var place and >= 0
            ? place
            : throw new InvalidDataException($"the header has no column {column}")),
    ];

    private static bool TryParse(string[] fields, int[] places, RowReader rows, out double time)
    {
        time = 0;
        if (fields.Length <= places.Max())
        {
            rows.Reject($"only {fields.Length} columns");
            return false;
        }

        if (fields[places[0]].Trim().Length == 0)
        {
            rows.Reject("SessionId is empty");
            return false;
        }

        if (!rows.IsId(fields[places[1]])) return false;
        if (double.TryParse(fields[places[2]], NumberStyles.Float, CultureInfo.InvariantCulture, out time) && double.IsFinite(time)) return true;
        rows.Reject($"Time '{fields[places[2]]}' is not a number of seconds");
        return false;
    }
}
