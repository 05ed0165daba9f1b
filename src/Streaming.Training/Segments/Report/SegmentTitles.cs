using System.Globalization;

namespace Streaming.Training.Segments.Report;

/// <summary>Names of segments in words. The name itself is kept over refits and never translated: it is what rules and programs go by.</summary>
internal static class SegmentTitles
{
    private static readonly Dictionary<string, (Phrase High, Phrase Low)> Words = new(StringComparer.Ordinal)
    {
        ["occasions"] = (new("many orders", "下单多"), new("few orders", "下单少")),
        ["amountPerOccasion"] = (new("high value per order", "单均金额高"), new("low value per order", "单均金额低")),
        ["itemsPerOccasion"] = (new("large baskets", "购物篮大"), new("small baskets", "购物篮小")),
        ["gapDays"] = (new("long gaps between orders", "下单间隔长"), new("short gaps between orders", "下单间隔短")),
        ["repeatShare"] = (new("the same items again", "常回购"), new("seldom the same items", "少回购")),
        ["refundShare"] = (new("much given back", "退货多"), new("little given back", "退货少")),
        ["looksPerOccasion"] = (new("many looks before an order", "下单前浏览多"), new("few looks before an order", "下单前浏览少")),
    };

    /// <summary>A name in words; itself where it is not one of ours.</summary>
    public static string Of(string name, ReportLanguage language)
    {
        var parts = name.Split(", ");
        var number = "";
        if (parts[^1].LastIndexOf(' ') is > 0 and var at && int.TryParse(parts[^1].AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n)) (parts[^1], number) = (parts[^1][..at], string.Create(CultureInfo.InvariantCulture, $" ({n})"));
        var words = parts.Select(p => p.Split(' ') switch
        {
            ["average"] => new Phrase("average", "各方面居中"),
            ["high", var feature] when Words.TryGetValue(feature, out var w) => w.High,
            ["low", var feature] when Words.TryGetValue(feature, out var w) => w.Low,
            _ => (Phrase?)null,
        }).ToArray();
        if (words.Any(w => w is null)) return name;
        var title = string.Join(language == ReportLanguage.Zh ? "，" : ", ", words.Select(w => w!.Value.In(language))) + number;
        return char.ToUpperInvariant(title[0]) + title[1..];
    }

    /// <summary>A feature in words.</summary>
    public static string Feature(string feature, ReportLanguage language) => feature switch
    {
        "occasions" => new Phrase("orders", "下单次数"),
        "amountPerOccasion" => new Phrase("value per order", "单均金额"),
        "itemsPerOccasion" => new Phrase("lines per order", "每单行数"),
        "gapDays" => new Phrase("days between orders", "下单间隔"),
        "repeatShare" => new Phrase("bought again", "回购占比"),
        "refundShare" => new Phrase("given back", "退货占比"),
        "looksPerOccasion" => new Phrase("looks per order", "每单浏览"),
        _ => new Phrase(feature, feature),
    } is var phrase ? phrase.In(language) : feature;
}
