using System.Text;
using System.Text.Json;

namespace Streaming.Host.Cli;

/// <summary>The one JSON object on the last line of standard output.</summary>
internal static class ResultLine
{
    /// <summary>Makes the line.</summary>
    public static string Of(Action<Utf8JsonWriter> write, bool indented = false)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
