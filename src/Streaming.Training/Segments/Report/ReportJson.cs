using System.Globalization;
using System.Text.Json;

namespace Streaming.Training.Segments.Report;

/// <summary><c>report.json</c>: the page's figures. null: fewer than <see cref="SmallGroups.Least"/> customers.</summary>
internal static class ReportJson
{
    /// <summary>Name of the file.</summary>
    public const string Name = "report.json";

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(SegmentReport report, string model, string version)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteString("version", version);
            json.WriteString("from", Day(report.Data.FromMs));
            json.WriteString("to", Day(report.Data.ToMs));
            json.WriteNumber("customers", report.Customers);
            Number(json, "silhouette", report.Silhouette);
            json.WriteNumber("smallestGroup", SmallGroups.Least);
            json.WriteNumber("bootstrapDraws", report.Draws);
            json.WriteStartObject("all");
            for (var b = 0; b < report.Behaviours.Count; b++) Behaviour(json, report.Behaviours[b].Key, report.All[b], null);
            json.WriteEndObject();
            json.WriteStartArray("segments");
            foreach (var segment in report.Segments) Segment(json, report, segment);
            json.WriteEndArray();
            json.WriteStartObject("items");
            json.WriteString("kind", report.Items.AreCategories ? "categories" : "items");
            json.WriteNumber("tested", report.Items.Tested);
            Number(json, "leastZ", report.Items.LeastZ);
            json.WriteEndObject();
            Rows(json, "distances", report.Distances.Select(row => (IReadOnlyList<double?>)row));
            Map(json, report.Map);
            if (report.Moves is { } moves) Moves(json, moves);
            json.WriteStartArray("rules");
            foreach (var rule in report.Rules) Rule(json, report, rule);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Segment(Utf8JsonWriter json, SegmentReport report, SegmentFigures segment)
    {
        json.WriteStartObject();
        json.WriteString("name", segment.Name);
        Number(json, "customers", segment.Customers);
        Number(json, "share", segment.Share);
        Number(json, "valueShare", segment.ValueShare);
        Number(json, "silhouette", segment.Silhouette);
        json.WriteStartObject("behaviours");
        for (var b = 0; b < report.Behaviours.Count; b++) Behaviour(json, report.Behaviours[b].Key, segment.Behaviours[b], segment.Effects[b]);
        json.WriteEndObject();
        json.WriteStartArray("apart");
        foreach (var (behaviour, _, _) in report.Apart(segment)) json.WriteStringValue(behaviour.Key);
        json.WriteEndArray();
        json.WriteStartObject("spread");
        for (var f = 0; f < BehaviourTable.Features.Count; f++) Number(json, BehaviourTable.Features[f], segment.Spread?[f]);
        json.WriteEndObject();
        json.WriteStartArray("items");
        foreach (var item in segment.Items)
        {
            json.WriteStartObject();
            json.WriteString("name", HtmlWriter.Clean(item.Name));
            json.WriteNumber("customers", item.Customers);
            Number(json, "share", item.Share);
            Number(json, "lift", item.Lift);
            Number(json, "z", item.Z);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Behaviour(Utf8JsonWriter json, string key, Quartiles? quartiles, Effect? effect)
    {
        json.WriteStartObject(key);
        Number(json, "customers", quartiles?.Customers);
        Number(json, "lower", quartiles?.Lower);
        Number(json, "median", quartiles?.Median);
        Number(json, "upper", quartiles?.Upper);
        if (effect is not null)
        {
            Number(json, "restMedian", effect.RestMedian);
            Number(json, "delta", effect.Delta);
            Number(json, "deltaLow", effect.Low);
            Number(json, "deltaHigh", effect.High);
        }

        json.WriteEndObject();
    }

    private static void Map(Utf8JsonWriter json, SegmentMap map)
    {
        json.WriteStartObject("map");
        json.WriteStartArray("shares");
        foreach (var share in map.Shares) json.WriteNumberValue(Round(share));
        json.WriteEndArray();
        Rows(json, "axes", map.Axes.Select(a => (IReadOnlyList<double?>)[.. a.Select(x => (double?)x)]));
        Rows(json, "centres", map.Centres.Select(c => (IReadOnlyList<double?>)[c?.X, c?.Y]));
        json.WriteEndObject();
    }

    private static void Moves(Utf8JsonWriter json, SegmentMoves moves)
    {
        json.WriteStartObject("moves");
        json.WriteString("from", Day(moves.FromMs));
        json.WriteString("to", Day(moves.ToMs));
        Names(json, "fromSegments", moves.From);
        Names(json, "toSegments", moves.To);
        json.WriteStartArray("counts");
        foreach (var row in moves.Counts) Counts(json, row.Select(SmallGroups.Shown));
        json.WriteEndArray();
        json.WritePropertyName("joined");
        Counts(json, moves.Joined.Select(SmallGroups.Shown));
        json.WriteEndObject();
    }

    private static void Rule(Utf8JsonWriter json, SegmentReport report, RuleFigures rule)
    {
        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        json.WriteString("when", rule.Text);
        Number(json, "customers", rule.Customers);
        Number(json, "share", rule.Share);
        Number(json, "valueShare", rule.ValueShare);
        Number(json, "unknown", rule.Unknown);
        json.WriteStartArray("overlap");
        for (var s = 0; s < rule.Overlap.Count; s++)
        {
            json.WriteStartObject();
            json.WriteString("segment", report.Segments[s].Name);
            Number(json, "customers", rule.Overlap[s]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Names(json, "noSuchSegments", rule.NoSuchSegments);
        json.WriteEndObject();
    }

    private static void Rows(Utf8JsonWriter json, string name, IEnumerable<IReadOnlyList<double?>> rows)
    {
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            json.WriteStartArray();
            foreach (var value in row) Number(json, value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void Names(Utf8JsonWriter json, string name, IEnumerable<string> names)
    {
        json.WriteStartArray(name);
        foreach (var value in names) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Counts(Utf8JsonWriter json, IEnumerable<int?> counts)
    {
        json.WriteStartArray();
        foreach (var count in counts) Number(json, count);
        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, double? value)
    {
        if (value is { } number) json.WriteNumberValue(Round(number));
        else json.WriteNullValue();
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, Round(number));
        else json.WriteNull(name);
    }

    private static string Day(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static double Round(double value) => Math.Round(value, 6) + 0.0; // + 0.0: no −0
}
