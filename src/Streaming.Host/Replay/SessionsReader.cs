using System.Text;
using Streaming.Contracts;

namespace Streaming.Host.Replay;

/// <summary>
/// <c>sessions</c>: a line is the session of one guest <c>s</c>+line number, its items are views in order. The file has no times: item number n of the whole file is viewed
/// n − 1 seconds after <see cref="HistoryReaderOptions.SyntheticStartMs"/>, so that line order is time order.
/// </summary>
internal static class SessionsReader
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static IEnumerable<HistoryRecord> Read(Stream content, HistoryReaderOptions options, Action<RejectedRow> rejected)
    {
        var lines = new LineReader(content, options.MaxRowLength);
        long row = 0;
        while (lines.Read())
        {
            if (Items(lines, options.MaxRowLength, rejected) is not { } items) continue;
            var guest = "s" + lines.LineNumber.ToString(System.Globalization.CultureInfo.InvariantCulture);
            foreach (var item in items)
            {
                row++;
                yield return new HistoryRecord
                {
                    RowNumber = row,
                    LineNumber = lines.LineNumber,
                    Type = EventType.View,
                    TimeMs = options.SyntheticStartMs + ((row - 1) * 1000),
                    AnonymousId = guest,
                    SessionId = guest,
                    ItemId = item,
                };
            }
        }
    }

    private static string[]? Items(LineReader lines, int limit, Action<RejectedRow> rejected)
    {
        if (lines.TooLong)
        {
            rejected(new RejectedRow(lines.LineNumber, $"longer than {limit} bytes"));
            return null;
        }

        try
        {
            return Strict.GetString(lines.Line).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        catch (DecoderFallbackException)
        {
            rejected(new RejectedRow(lines.LineNumber, "not UTF-8 text"));
            return null;
        }
    }
}
