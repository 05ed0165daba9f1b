using System.Text.Json;

namespace Streaming.Training.Uplift;

/// <summary>
/// <c>effects.json</c>: the effect expected of a customer is the constant, and for each column the effect of its level (0: empty, rare or unheard of; for numbers 1 + the edges at or below the value) and slope × standard deviations above the mean of the
/// value within its bounds. A table that a person can read.
/// </summary>
internal static class UpliftModelFile
{
    /// <summary>Name of the file.</summary>
    public const string Name = "effects.json";

    /// <summary>The file's bytes.</summary>
    /// <param name="design">Columns.</param>
    /// <param name="coefficients">One a column of the design.</param>
    /// <param name="about">What was compared, in words.</param>
    public static byte[] Write(UpliftDesign design, double[] coefficients, string about)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("arms", about);
            json.WriteNumber("constant", coefficients[0]);
            json.WriteStartArray("columns");
            var at = 1;
            foreach (var code in design.Codes)
            {
                var levels = coefficients.AsSpan(at, code.Levels);
                at += code.Levels;
                code.Write(json, levels, code.HasLine ? coefficients[at++] : 0);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
