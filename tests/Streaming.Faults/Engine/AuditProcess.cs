namespace Streaming.Faults.Engine;

/// <summary>Runs <c>streaming audit</c>.</summary>
internal static class AuditProcess
{
    /// <summary>Runs it to its end.</summary>
    public static async Task<AuditVerdict> RunAsync(string build, IEnumerable<string> settings, CancellationToken cancellation)
    {
        var (code, output, error) = await EngineProcess.ToEndAsync(build, ["audit", "--state-hash", "--json", .. settings], cancellation);
        return AuditVerdict.Parse(code, output, error);
    }
}
