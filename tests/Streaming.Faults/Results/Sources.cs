using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Streaming.Faults.Cases;

namespace Streaming.Faults.Results;

/// <summary>Which code a result speaks of.</summary>
internal static class Sources
{
    // Code, what is compiled or copied beside it (schemas, settings, models), and of the harness what it compiles at run time.
    private static readonly string[] Kinds = [".cs", ".csproj", ".json", ".onnx", ".c"];

    // What chooses cases, keeps results and writes tables runs no case; nor do the programs, whose results carry a hash of their own.
    internal static readonly string[] Beside = ["Program.cs", "Programs/", "Results/BuildCheck.cs", "Results/CaseAttempt.cs", "Results/CaseResult.cs", "Results/FaultTable.cs", "Results/FigureLines.cs", "Results/ProductText.cs", "Results/ResultStore.cs", "Results/Sources.cs"];

    /// <summary>
    /// Hash over what the product is built from (sources, projects, schemas, shipped settings and models, versions of its packages), what a case does not execute, and projects that the host does not refer to, left out, and over the
    /// harness's own sources: what all cases share, the case's kind and its own definition (<see cref="CaseDefinition"/>). A corrected case has shown nothing yet; what is said of other cases changes
    /// nothing of this one, nor does what keeps and prints results, nor a mistake planted for the simulation, which the product is not compiled with (<see cref="ProductText"/>). A result under another hash is
    /// out of date.
    /// </summary>
    public static string Hash(string root, FaultCase fault)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var product = Path.Combine(root, "src");
        var engine = Engine(product);
        var files = Of(product).Where(f => engine is null || engine.Contains(Project(product, f))).Where(f => !fault.Untouched.Any(part => Path.GetRelativePath(product, f).Replace(Path.DirectorySeparatorChar, '/').StartsWith(part, StringComparison.Ordinal)));
        var harness = Path.Combine(root, "tests", "Streaming.Faults");
        var cases = Of(harness).Where(f => !f.StartsWith(Path.Combine(harness, "results") + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !IsBeside(Path.GetRelativePath(harness, f)) && Concerns(Path.GetFileNameWithoutExtension(f), fault));
        string[] shared = [Path.Combine(root, "Directory.Packages.props"), Path.Combine(root, "Directory.Build.props")];
        foreach (var file in files.Order(StringComparer.Ordinal).Concat(cases.Order(StringComparer.Ordinal)).Concat(shared.Where(File.Exists)))
        {
            var content = file.EndsWith(".cs", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(ProductText.Of(File.ReadAllText(file))) : File.ReadAllBytes(file);
            if (content.Length == 0) continue;
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file)));
            hash.AppendData(content);
        }

        hash.AppendData(Encoding.UTF8.GetBytes(CaseDefinition.Write(fault)));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    // The host's project and what it refers to, one through another: a library that it does not use is none of a result's business. Null where there are no projects to ask.
    private static HashSet<string>? Engine(string product)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(["Streaming.Host"]);
        while (open.TryPop(out var name))
        {
            var project = Path.Combine(product, name, name + ".csproj");
            if (!File.Exists(project) || !found.Add(name)) continue;
            foreach (var reference in XDocument.Load(project).Descendants("ProjectReference")) open.Push(Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));
        }

        return found.Count == 0 ? null : found;
    }

    private static string Project(string product, string file) => Path.GetRelativePath(product, file).Split(Path.DirectorySeparatorChar)[0];

    /// <summary>Whether a file of the harness, by its name, is part of what a case runs: not a list of cases, from which the case's own definition alone counts, and not another kind of case.</summary>
    internal static bool Concerns(string file, FaultCase fault) => !IsList(file) && (!file.EndsWith("Case", StringComparison.Ordinal) || file == nameof(FaultCase) || file == fault.GetType().Name);

    /// <summary>Whether a file, by its name, is a list of cases.</summary>
    internal static bool IsList(string file) => file.EndsWith("Cases", StringComparison.Ordinal) || file.EndsWith("List", StringComparison.Ordinal);

    /// <summary>Whether a file of the harness, by its path in it, chooses cases, keeps results or writes tables, and runs no case of real processes.</summary>
    internal static bool IsBeside(string path) => Array.Exists(Beside, b => path.Replace(Path.DirectorySeparatorChar, '/') is var at && (b.EndsWith('/') ? at.StartsWith(b, StringComparison.Ordinal) : at == b));

    /// <summary>Every file of a folder that counts, without what was built there.</summary>
    internal static IEnumerable<string> Of(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(f => Kinds.Contains(Path.GetExtension(f)) && !Path.GetRelativePath(folder, f).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    /// <summary>Commit of the checkout.</summary>
    public static string Commit(string root)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", root, "rev-parse", "--short=12", "HEAD"]) { RedirectStandardOutput = true })!;
        var commit = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return commit;
    }
}
