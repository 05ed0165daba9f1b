using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Streaming.Faults.Results;

/// <summary>Which code a result speaks of.</summary>
internal static class Sources
{
    /// <summary>Hash over every source and project file of the product and the versions of its packages, those of projects that a case does not execute left out; a result under another hash is out of date.</summary>
    public static string Hash(string root, IReadOnlyList<string> untouched)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var separator = Path.DirectorySeparatorChar;
        var files = Directory.EnumerateFiles(Path.Combine(root, "src"), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".cs" or ".csproj" && !f.Contains($"{separator}obj{separator}", StringComparison.Ordinal) && !f.Contains($"{separator}bin{separator}", StringComparison.Ordinal))
            .Where(f => !untouched.Contains(Path.GetRelativePath(Path.Combine(root, "src"), f).Split(separator)[0]));
        string[] packages = [Path.Combine(root, "Directory.Packages.props")];
        foreach (var file in files.Order(StringComparer.Ordinal).Concat(packages.Where(File.Exists)))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>Commit of the checkout.</summary>
    public static string Commit(string root)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", root, "rev-parse", "--short=12", "HEAD"]) { RedirectStandardOutput = true })!;
        var commit = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return commit;
    }
}
