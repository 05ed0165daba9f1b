using System.Text.RegularExpressions;

namespace Streaming.Architecture.Tests;

/// <summary>Names of crash points in a source.</summary>
internal static partial class CrashPointNames
{
    public static IEnumerable<string> In(string source) => Call().Matches(source).Select(m => m.Groups[1].Value);

    [GeneratedRegex("""CrashPoint\.Hit\w*\(.*"(A\d+-[a-z-]+)"\)""")]
    private static partial Regex Call();
}
