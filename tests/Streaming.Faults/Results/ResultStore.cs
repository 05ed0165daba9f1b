using System.Text.Json;

namespace Streaming.Faults.Results;

/// <summary>Results as files in the repository.</summary>
internal sealed class ResultStore(string folder)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The kept result of a case.</summary>
    public CaseResult? Find(string name) => File.Exists(PathOf(name)) ? JsonSerializer.Deserialize<CaseResult>(File.ReadAllText(PathOf(name)), Json) : null;

    /// <summary>Keeps a result.</summary>
    public void Keep(CaseResult result)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(PathOf(result.Name), JsonSerializer.Serialize(result, Json) + "\n");
    }

    private string PathOf(string name) => Path.Combine(folder, name + ".json");
}
