using System.Security.Cryptography;
using System.Text;

namespace Streaming.Faults.Programs;

/// <summary>Which code a program's result speaks of.</summary>
internal static class ProgramSources
{
    private static readonly string[] Built = ["bin", "obj"];

    /// <summary>Hash over everything that the case covers, of the cases themselves and of the packages' versions.</summary>
    public static string Hash(string root, ProgramCase program)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] shared = [Path.Combine(root, "Directory.Packages.props"), Path.Combine(root, "Directory.Build.props")];
        foreach (var file in program.Covers.Append("tests/Streaming.Faults/Programs").SelectMany(folder => Of(Path.Combine(root, folder))).Distinct().Order(StringComparer.Ordinal).Concat(shared))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static IEnumerable<string> Of(string folder) => File.Exists(folder) ? [folder] : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(Built.Contains));
}
