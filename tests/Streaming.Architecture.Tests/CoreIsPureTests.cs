using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Streaming.Core.Decode;

namespace Streaming.Architecture.Tests;

/// <summary>The core uses no clock, randomness, I/O or thread of its own: what its compiled code refers to is looked at, not what its text says.</summary>
public sealed class CoreIsPureTests
{
    /// <summary>Types of which nothing may be used.</summary>
    private static readonly string[] BannedTypes =
    [
        "System.Random", "System.Security.Cryptography.RandomNumberGenerator", "System.Environment", "System.Console", "System.Diagnostics.Stopwatch", "System.Diagnostics.Process",
        "System.Threading.Thread", "System.Threading.ThreadPool", "System.Threading.Timer", "System.Timers.Timer", "System.Threading.PeriodicTimer", "System.Threading.Tasks.Parallel",
        "System.Threading.Tasks.TaskFactory", "System.IO.File", "System.IO.Directory", "System.IO.FileInfo", "System.IO.DirectoryInfo", "System.IO.FileStream", "System.IO.Path", "System.IO.RandomAccess",
    ];

    /// <summary>Namespaces of which nothing may be used.</summary>
    private static readonly string[] BannedNamespaces = ["System.Net", "System.Data", "Akka", "Confluent", "Cassandra", "Microsoft.ML"];

    private static readonly string[] BannedMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid",
        "System.Guid.CreateVersion7", "System.TimeProvider.get_System", "System.Threading.Tasks.Task.Run", "System.Threading.Tasks.Task.Wait", "System.Threading.Tasks.Task.WaitAll",
        "System.Threading.Tasks.Task.WaitAny", "System.Threading.Tasks.Task.Delay", "System.Threading.Tasks.Task.get_Factory", "System.Threading.Tasks.Task`1.get_Result",
    ];

    [Fact]
    public void Core_refers_to_no_clock_randomness_io_or_thread()
    {
        var used = Used(typeof(EventDecoder).Assembly.Location);
        Assert.Contains("System.TimeProvider.GetTimestamp", used);
        Assert.DoesNotContain(used, IsBanned);
    }

    [Fact]
    public void Contracts_refer_to_no_clock_randomness_io_or_thread() => Assert.DoesNotContain(Used(typeof(Contracts.EventType).Assembly.Location), IsBanned);

    private static bool IsBanned(string member)
    {
        // Every iterator method asks for its thread, to tell a second enumeration from the first.
        if (member == "System.Environment.get_CurrentManagedThreadId") return false;
        var type = member[..member.LastIndexOf('.')];
        return BannedMembers.Contains(member) || BannedTypes.Contains(type) || BannedNamespaces.Any(n => type.StartsWith(n + ".", StringComparison.Ordinal));
    }

    /// <summary>Members of other assemblies that the assembly's code names, as Namespace.Type.Member.</summary>
    private static SortedSet<string> Used(string assembly)
    {
        using var stream = File.OpenRead(assembly);
        using var pe = new PEReader(stream);
        var metadata = pe.GetMetadataReader();
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.GetKind() != MemberReferenceKind.Method || TypeName(metadata, member.Parent) is not { } type) continue;
            var name = metadata.GetString(member.Name);
            // The one form with three parameters takes its time from a TimeProvider.
            if (type == "System.Threading.Tasks.Task" && name == "Delay" && Parameters(metadata, member) == 3) continue;
            used.Add($"{type}.{name}");
        }

        return used;
    }

    private static int Parameters(MetadataReader metadata, MemberReference method)
    {
        var signature = metadata.GetBlobReader(method.Signature);
        var header = signature.ReadSignatureHeader();
        if (header.IsGeneric) signature.ReadCompressedInteger();
        return signature.ReadCompressedInteger();
    }

    private static string? TypeName(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeReference) return FullName(metadata, (TypeReferenceHandle)parent);
        if (parent.Kind != HandleKind.TypeSpecification) return null;
        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        // GENERICINST (CLASS | VALUETYPE) TypeDefOrRef …
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return null;
        signature.ReadByte();
        var generic = signature.ReadTypeHandle();
        return generic.Kind == HandleKind.TypeReference ? FullName(metadata, (TypeReferenceHandle)generic) : null;
    }

    private static string FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
