using System.Text.RegularExpressions;

namespace Streaming.Architecture.Tests;

/// <summary>What the files for operation must say, whatever else they say.</summary>
public sealed partial class DeployTests
{
    [Fact]
    public void Image_has_no_diagnostics_port_and_charts_take_secrets_from_secrets_alone()
    {
        // A diagnostics port hands out memory, and with it every secret, to whoever shares the file system.
        Assert.Contains("DOTNET_EnableDiagnostics=0", File.ReadAllText(Path.Combine(Repository.Root, "deploy", "Dockerfile")), StringComparison.Ordinal);
        var charts = Directory.EnumerateFiles(Path.Combine(Repository.Root, "helm"), "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".yaml" or ".tpl").ToList();
        Assert.Contains(charts, file => File.ReadAllText(file).Contains("secretKeyRef", StringComparison.Ordinal));
        foreach (var file in charts)
        {
            foreach (Match match in SecretWithValue().Matches(File.ReadAllText(file))) Assert.Fail($"{file} gives a secret in the clear: {match.Value.Trim()}");
        }
    }

    // A name that speaks of a secret, and a text after it that is no reference and no comment.
    [GeneratedRegex("""^(?!\s*#)[^\n#]*(password|passphrase|(?<!automountServiceAccount)token|apiKey)\w*["']?\s*[:=]\s*["']?(?!\s*\{|\s*\[|\s*$|["']?\s*$)[^\s{\[#]+""", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex SecretWithValue();
}
