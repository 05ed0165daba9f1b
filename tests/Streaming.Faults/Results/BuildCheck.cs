using System.Reflection.Metadata;
using System.Security.Cryptography;

namespace Streaming.Faults.Results;

/// <summary>
/// Whether an engine was built from the working tree whose hash its results would carry. The compiler leaves a hash of every source beside the assembly (its symbols); what it takes no hash of must not be
/// younger than the assembly, as the build itself asks, and what is copied must be the same.
/// </summary>
internal static class BuildCheck
{
    private const string HostProject = "Streaming.Host", HostAssembly = "streaming";
    private static readonly Guid Sha256 = new("8829d00f-11b8-4213-878b-770e8597ac16");

    /// <summary>The first difference found, in words; null where there is none.</summary>
    /// <param name="root">Root of the working tree.</param>
    /// <param name="build">Folder of the engine.</param>
    public static string? Difference(string root, string build)
    {
        var sources = Path.Combine(root, "src");
        foreach (var project in Directory.EnumerateDirectories(sources, "Streaming.*").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(project) is var folder && folder == HostProject ? HostAssembly : folder;
            var assembly = Path.Combine(build, name + ".dll");
            if (!File.Exists(assembly)) continue; // a project that the engine is not made of, or one that is built on demand
            if (Compiled(root, Path.ChangeExtension(assembly, ".pdb"), "/src/Streaming.", out var compiled) is { } source) return source;
            if (Younger(root, project, assembly, compiled) is { } younger) return younger;
        }

        return File.Exists(Path.Combine(build, HostAssembly + ".dll")) ? Copied(Path.Combine(sources, HostProject, "models"), Path.Combine(build, "models")) : $"{build} holds no {HostAssembly}.dll";
    }

    /// <summary>The first difference between this harness and its sources, in words; null where there is none: what a case does comes of the program, and the hash of its result of the files.</summary>
    /// <param name="root">Root of the working tree.</param>
    /// <param name="harness">Its assembly.</param>
    public static string? OfHarness(string root, string harness) =>
        Compiled(root, Path.ChangeExtension(harness, ".pdb"), "/tests/Streaming.Faults/", out var compiled) ?? Younger(root, Path.Combine(root, "tests", "Streaming.Faults"), harness, compiled);

    private static string? Compiled(string root, string symbols, string of, out HashSet<string> compiled)
    {
        compiled = new HashSet<string>(StringComparer.Ordinal);
        if (!File.Exists(symbols)) return $"{symbols} is not there: nothing says which sources its assembly is of";
        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
        var reader = provider.GetMetadataReader();
        foreach (var document in reader.Documents.Select(reader.GetDocument))
        {
            var path = reader.GetString(document.Name).Replace('\\', '/');
            // Of whatever clone it was built in. What the build made itself follows from the rest.
            if (path.LastIndexOf(of, StringComparison.Ordinal) is not (>= 0 and var at) || path.Contains("/obj/", StringComparison.Ordinal)) continue;
            var file = path[(at + 1)..];
            compiled.Add(file);
            if (!File.Exists(Path.Combine(root, file))) return $"{file}, of which {Path.GetFileNameWithoutExtension(symbols)} was built, is not there";
            if (reader.GetGuid(document.HashAlgorithm) != Sha256) return $"{Path.GetFileName(symbols)} says nothing of {file} that can be compared";
            if (!SHA256.HashData(File.ReadAllBytes(Path.Combine(root, file))).AsSpan().SequenceEqual(reader.GetBlobBytes(document.Hash))) return $"{file} is another than {Path.GetFileNameWithoutExtension(symbols)} was built of";
        }

        return null;
    }

    // Projects, versions of packages, what is embedded: the build makes an assembly anew that is older than one of them. Sources that no assembly names are not compiled here, or came after it.
    private static string? Younger(string root, string project, string assembly, HashSet<string> compiled)
    {
        var built = File.GetLastWriteTimeUtc(assembly);
        string[] shared = [Path.Combine(root, "Directory.Build.props"), Path.Combine(root, "Directory.Packages.props")];
        var embedded = Sources.Of(project).Where(f => Path.GetExtension(f) is ".csproj" or ".json" && !IsBelow(f, Path.Combine(project, "models")) && !IsBelow(f, Path.Combine(project, "results"))
            || Path.GetExtension(f) == ".cs" && !compiled.Contains(Path.GetRelativePath(root, f).Replace(Path.DirectorySeparatorChar, '/')));
        return embedded.Concat(shared.Where(File.Exists)).FirstOrDefault(f => File.GetLastWriteTimeUtc(f) > built) is { } younger ? $"{Path.GetRelativePath(root, younger)} was changed after {Path.GetFileName(assembly)} was built" : null;
    }

    private static bool IsBelow(string file, string folder) => file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string? Copied(string from, string to)
    {
        foreach (var file in Directory.Exists(from) ? Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories) : [])
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(File.ReadAllBytes(file))) return $"{copy} is not the copy of {file}";
        }

        return null;
    }
}
