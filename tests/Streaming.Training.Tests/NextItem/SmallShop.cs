using System.Globalization;
using System.Text;
using Streaming.Core.Items;
using Streaming.Training.NextItem;

namespace Streaming.Training.Tests.NextItem;

/// <summary>Sessions that walk along rings of ten items, with a step back now and then: what comes next can be known, most of the time.</summary>
internal static class SmallShop
{
    public const int Items = 60;

    /// <summary>Sessions as text, one each.</summary>
    public static List<string> Sessions(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var sessions = new List<string>();
        for (var s = 0; s < count; s++)
        {
            var (ring, at) = (random.Below(Items / 10), random.Below(10));
            var items = new List<string>();
            for (var click = 2 + random.Below(5); click > 0; click--)
            {
                items.Add(((ring * 10) + at + 1).ToString(CultureInfo.InvariantCulture));
                at = (at + (random.Below(5) == 0 ? 9 : 1)) % 10;
            }

            sessions.Add(string.Join(' ', items));
        }

        return sessions;
    }

    /// <summary>Test rows of sessions, the longest prefix first.</summary>
    public static List<string> Rows(IEnumerable<string> sessions)
    {
        var rows = new List<string>();
        foreach (var items in sessions.Select(s => s.Split(' ')))
        {
            for (var at = items.Length - 1; at > 0; at--) rows.Add($"{string.Join(' ', items[..at])}\t{items[at]}");
        }

        return rows;
    }

    public static SessionLog Log(ItemDictionary ids, params string[] sessions) => SessionFiles.ReadTrain(Stream(sessions), ids, new RowReader());

    public static MemoryStream Stream(params string[] lines) => new(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    /// <summary>A hybrid that is small enough for a test.</summary>
    public static HybridSettings Small => new()
    {
        PerSource = 20, LabelShare = 0.3, ChoiceShare = 0.1, Encoder = new EncoderSettings { Dimensions = 16, Negatives = 32, Batch = 32, Epochs = 3, LeastSteps = 60 },
        Ranker = new HybridSettings().Ranker with { Trees = 20, Leaves = 7 },
    };
}
