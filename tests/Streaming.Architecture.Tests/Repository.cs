namespace Streaming.Architecture.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    private static readonly char Slash = Path.DirectorySeparatorChar;

    public static string Root { get; } = FindRoot();

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Path from the root, with forward slashes.</summary>
    public static string Name(string path) => Path.GetRelativePath(Root, path).Replace(Slash, '/');

    /// <summary>Files below a folder, without what a build made.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(PathTo(folder), pattern, SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Slash}obj{Slash}", StringComparison.Ordinal) && !f.Contains($"{Slash}bin{Slash}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    public static IEnumerable<string> Sources() => Files("src", "*.cs").Concat(Files("tests", "*.cs"));

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Streaming.sln"))) return at.FullName;
        }

        throw new InvalidOperationException("Streaming.sln is in no folder above the tests");
    }
}
