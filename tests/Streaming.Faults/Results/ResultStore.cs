using System.Text.Json;

namespace Streaming.Faults.Results;

/// <summary>Results as files in the repository.</summary>
/// <param name="folder">Where.</param>
/// <param name="clock">Says when a result came; the system's by default.</param>
internal sealed class ResultStore(string folder, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The kept result of a case.</summary>
    public CaseResult? Find(string name) => File.Exists(PathOf(name)) ? JsonSerializer.Deserialize<CaseResult>(File.ReadAllText(PathOf(name)), Json) : null;

    /// <summary>
    /// Keeps a result. What the runs before it on the same sources failed by stays beside it. One without a verdict (the machine could not run it, or the harness broke) never takes the place of one that has it: it
    /// is noted there.
    /// </summary>
    public void Keep(CaseResult result)
    {
        result = result with { At = _clock.GetUtcNow().UtcDateTime };
        var kept = Find(result.Name);
        if (kept is { LacksVerdict: false } && result.LacksVerdict)
        {
            Write(kept with { Attempts = [.. kept.Attempts, CaseAttempt.Of(result)] });
            return;
        }

        List<CaseAttempt> attempts = [.. kept?.Attempts.Where(a => a.Sources == result.Sources) ?? []];
        if (kept is { Passed: false } && kept.Sources == result.Sources) attempts.Add(CaseAttempt.Of(kept));
        Write(result with { Attempts = attempts });
    }

    private void Write(CaseResult result)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(PathOf(result.Name), JsonSerializer.Serialize(result, Json) + "\n");
    }

    private string PathOf(string name) => Path.Combine(folder, name + ".json");
}
