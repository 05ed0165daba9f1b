using System.Text.Json;

namespace Streaming.Faults.Engine;

/// <summary>What <c>audit</c> found: it reads the topics from their start with a fold of its own and compares profiles and outputs.</summary>
internal sealed record AuditVerdict(bool Consistent, long Events, long Users, long Lost, long Duplicated, long Phantom, long StateMismatches, long DeadLetters, string StateHash, string Error)
{
    /// <summary>Records of <see cref="Events"/> that the engine wrote itself: erasures of guests.</summary>
    public long OwnErases { get; init; }

    /// <summary>Null where every record that was fed is there, once, beside those that the engine wrote; otherwise what is not so.</summary>
    public string? Compare(long fed) => Events - OwnErases == fed ? null : $"audit saw {Events} events, {OwnErases} of them the engine's own; {fed} were fed";

    /// <summary>Where there was nothing to judge.</summary>
    public static AuditVerdict None { get; } = new(false, 0, 0, 0, 0, 0, 0, 0, "", "");

    /// <summary>Reads what the command wrote.</summary>
    /// <param name="code">Its exit code.</param>
    /// <param name="output">Standard output, whose last line is the verdict.</param>
    /// <param name="error">Standard error, which describes the first problems.</param>
    public static AuditVerdict Parse(int code, string output, string error)
    {
        var last = output.TrimEnd().Split('\n')[^1];
        if (!last.StartsWith('{')) return new AuditVerdict(false, 0, 0, -1, -1, -1, -1, 0, "", $"audit ended with {code} and no verdict: {error}");
        using var document = JsonDocument.Parse(last);
        var json = document.RootElement;
        long Number(string name) => json.GetProperty(name).GetInt64();
        return new AuditVerdict(code == 0 && json.GetProperty("consistent").GetBoolean(), Number("events"), Number("users"), Number("lost"), Number("duplicated"), Number("phantom"),
            Number("stateMismatches"), Number("deadLetters"), json.TryGetProperty("stateHash", out var hash) ? hash.GetString()! : "", code == 0 ? "" : error)
        {
            OwnErases = Number("ownErases"),
        };
    }
}
