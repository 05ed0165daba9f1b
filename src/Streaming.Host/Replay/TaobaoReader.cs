using System.Globalization;
using Streaming.Contracts;

namespace Streaming.Host.Replay;

/// <summary><c>taobao</c>: one action a row; pv is a view, cart an add_to_cart, fav a wishlist, buy a purchase of one unit without a price.</summary>
internal static class TaobaoReader
{
    private const int User = 0, Item = 1, Category = 2, Behavior = 3, Timestamp = 4;

    private static readonly string[] Columns = ["user_id", "item_id", "category_id", "behavior", "timestamp"];

    /// <summary>Year 9999: a number of seconds beyond it is no time.</summary>
    private const long MaxSeconds = 253_402_300_799;

    public static IEnumerable<HistoryRecord> Read(Stream content, HistoryReaderOptions options, Action<RejectedRow> rejected)
    {
        using var table = new CsvTable(content, Columns, options, rejected);
        while (table.Read())
        {
            if (Parse(table) is { } record) yield return record;
        }
    }

    private static HistoryRecord? Parse(CsvTable table)
    {
        var type = table[Behavior].Trim() switch
        {
            "pv" => EventType.View,
            "cart" => EventType.AddToCart,
            "fav" => EventType.Wishlist,
            "buy" => EventType.Purchase,
            _ => EventType.Unknown,
        };
        if (type == EventType.Unknown) return Reject(table, "behavior is none of pv, cart, fav, buy");
        if (!long.TryParse(table[Timestamp].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ||
            seconds is < -MaxSeconds or > MaxSeconds) return Reject(table, "timestamp is not a number of seconds");
        var user = Text(table[User]);
        if (user is null) return Reject(table, "user_id is empty");
        return new HistoryRecord
        {
            RowNumber = table.RowNumber,
            LineNumber = table.LineNumber,
            Type = type,
            TimeMs = seconds * 1000,
            UserId = user,
            ItemId = Text(table[Item]),
            Quantity = type == EventType.Purchase ? 1 : null,
            Category = Text(table[Category]),
        };
    }

    private static HistoryRecord? Reject(CsvTable table, string reason)
    {
        table.Reject(reason);
        return null;
    }

    private static string? Text(ReadOnlySpan<char> text)
    {
        var trimmed = text.Trim();
        return trimmed.IsEmpty ? null : new string(trimmed);
    }
}
