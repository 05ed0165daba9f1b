using System.Text.Json;

namespace Streaming.Training.Segments;

/// <summary><c>segments.json</c>: all that a customer's segment is computed from.</summary>
internal static class SegmentModelFile
{
    /// <summary>Name of the file.</summary>
    public const string Name = "segments.json";

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(SegmentModel model)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("features");
            foreach (var feature in BehaviourTable.Features) json.WriteStringValue(feature);
            json.WriteEndArray();
            Numbers(json, "low", model.Scale.Low);
            Numbers(json, "high", model.Scale.High);
            Numbers(json, "mean", model.Scale.Mean);
            Numbers(json, "inverseDeviation", model.Scale.Inverse);
            json.WriteNumber("reluctance", SegmentModel.Reluctance);
            Numbers(json, "recencyDaysEdges", model.Rfm.Recency);
            Numbers(json, "frequencyEdges", model.Rfm.Frequency);
            Numbers(json, "amountEdges", model.Rfm.Amount);
            json.WriteStartArray("segments");
            for (var c = 0; c < model.Centres.Length; c++)
            {
                json.WriteStartObject();
                json.WriteString("name", model.Names[c]);
                Numbers(json, "centre", model.Centres[c]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">Not such a file, or one of other features.</exception>
    public static SegmentModel Read(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (!root.GetProperty("features").EnumerateArray().Select(f => f.GetString()).SequenceEqual(BehaviourTable.Features)) throw new InvalidDataException($"{Name} has other features");
            var segments = root.GetProperty("segments").EnumerateArray().ToArray();
            var model = new SegmentModel(
                new BehaviourScale(Numbers(root, "low"), Numbers(root, "high"), Numbers(root, "mean"), Numbers(root, "inverseDeviation")), [.. segments.Select(s => Numbers(s, "centre"))],
                [.. segments.Select(s => s.GetProperty("name").GetString() ?? "")], new RfmQuintiles(Numbers(root, "recencyDaysEdges"), Numbers(root, "frequencyEdges"), Numbers(root, "amountEdges")));
            var width = BehaviourTable.Features.Count;
            double[][] rows = [model.Scale.Low, model.Scale.High, model.Scale.Mean, model.Scale.Inverse, .. model.Centres];
            if (model.Centres.Length is 0 or > SegmentFitter.Most || rows.Any(r => r.Length != width)) throw new InvalidDataException($"{Name} has segments of another shape");
            return model;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{Name} cannot be read: {e.Message}", e);
        }
    }

    private static void Numbers(Utf8JsonWriter json, string name, double[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static double[] Numbers(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
}
