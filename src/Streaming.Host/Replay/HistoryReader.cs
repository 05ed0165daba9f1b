namespace Streaming.Host.Replay;

/// <summary>
/// Reads a shop's history row by row, in file order, without holding it in memory. Rows that cannot be parsed are reported with line number and reason, counted by the
/// caller, and skipped; nothing else is left out. Training, evaluation and <c>replay</c> read through here.
/// </summary>
public static class HistoryReader
{
    /// <summary>The rows of a file (plain, gzip, or <c>-</c>).</summary>
    /// <param name="format">Form of the input.</param>
    /// <param name="path">Path, or <c>-</c> for standard input.</param>
    /// <param name="rejected">Called for each row that cannot be parsed.</param>
    /// <param name="options">Limits and encoding; null: the defaults.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="HistoryFormatException">The file is not of this form at all (a column is missing).</exception>
    public static IEnumerable<HistoryRecord> ReadFile(HistoryFormat format, string path, Action<RejectedRow> rejected, HistoryReaderOptions? options = null)
    {
        using var input = HistoryInput.Open(path);
        using var content = input.OpenPass();
        foreach (var record in Read(format, content, rejected, options)) yield return record;
    }

    /// <summary>The rows of decompressed content.</summary>
    /// <inheritdoc cref="ReadFile"/>
    public static IEnumerable<HistoryRecord> Read(HistoryFormat format, Stream content, Action<RejectedRow> rejected, HistoryReaderOptions? options = null)
    {
        options ??= new HistoryReaderOptions();
        return format switch
        {
            HistoryFormat.OnlineRetail => OnlineRetailReader.Read(content, options, rejected),
            HistoryFormat.Taobao => TaobaoReader.Read(content, options, rejected),
            HistoryFormat.Sessions => SessionsReader.Read(content, options, rejected),
            HistoryFormat.Events => EventLinesReader.Read(content, options, rejected),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }
}

/// <summary>The input is not of the form that was asked for.</summary>
public sealed class HistoryFormatException(string message) : Exception(message);
