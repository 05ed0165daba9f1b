namespace Streaming.Host.Replay;

/// <summary>Forms of input that <c>replay</c> and the training commands read.</summary>
public enum HistoryFormat
{
    /// <summary><c>online-retail</c>: InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country; times UTC, prices GBP.</summary>
    OnlineRetail,
    /// <summary><c>taobao</c>: user_id,item_id,category_id,behavior (pv, cart, fav, buy),timestamp (seconds).</summary>
    Taobao,
    /// <summary><c>sessions</c>: one guest session a line, item ids with blanks, synthetic times.</summary>
    Sessions,
    /// <summary><c>events</c>: the engine's own JSON lines, passed through byte for byte.</summary>
    Events,
}

/// <summary>The names of <see cref="HistoryFormat"/> on the command line.</summary>
public static class HistoryFormats
{
    /// <summary>All names, for help and messages.</summary>
    public static readonly IReadOnlyList<string> Names = ["online-retail", "taobao", "sessions", "events"];

    /// <summary>The format of a name.</summary>
    public static bool TryParse(string name, out HistoryFormat format)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] != name) continue;
            format = (HistoryFormat)i;
            return true;
        }

        format = default;
        return false;
    }

    /// <summary>The name of a format.</summary>
    public static string Name(this HistoryFormat format) => Names[(int)format];
}
