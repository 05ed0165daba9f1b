using System.Text;
using Streaming.Core.Items;

namespace Streaming.Training.NextItem;

/// <summary>Reads the form <c>sessions</c>: train, a session a line, item ids with blanks, lines in time order; test, <c>prefix TAB target</c>.</summary>
internal static class SessionFiles
{
    /// <summary>Reads train sessions.</summary>
    /// <param name="stream">Decompressed bytes.</param>
    /// <param name="ids">Numbers the items.</param>
    /// <param name="rows">Counts bad rows.</param>
    public static SessionLog ReadTrain(Stream stream, ItemDictionary ids, RowReader rows)
    {
        var log = new SessionLogBuilder(ids);
        foreach (var line in rows.Lines(stream))
        {
            if (rows.Items(line) is not { } items) continue;
            if (items.Length == 0)
            {
                rows.Reject("no item");
                continue;
            }

            foreach (var item in items) log.Add(item);
            log.End();
        }

        return log.Build();
    }

    /// <summary>Reads test rows. An empty prefix is a row: a guest of whom nothing is known.</summary>
    /// <param name="stream">Decompressed bytes.</param>
    /// <param name="ids">Numbers of the train items; others are added.</param>
    /// <param name="rows">Counts bad rows.</param>
    public static TestRows ReadTest(Stream stream, ItemDictionary ids, RowReader rows)
    {
        var test = new TestRows();
        foreach (var line in rows.Lines(stream))
        {
            var fields = line.Split('\t');
            if (fields.Length != 2)
            {
                rows.Reject($"{fields.Length} fields, not a prefix and a target with a tab between");
                continue;
            }

            var target = fields[1].Trim(' ');
            if (target.Contains(' ', StringComparison.Ordinal))
            {
                rows.Reject("more than one target");
                continue;
            }

            if (!rows.IsId(target) || rows.Items(fields[0]) is not { } prefix) continue;
            test.Add([.. prefix.Select(item => ids.GetOrAdd(Encoding.UTF8.GetBytes(item)))], ids.GetOrAdd(Encoding.UTF8.GetBytes(target)));
        }

        return test;
    }
}
