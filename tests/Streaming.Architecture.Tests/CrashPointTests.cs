using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Streaming.Core.Shard;

namespace Streaming.Architecture.Tests;

/// <summary>The product can be ended at no crash point: the compiled core has neither the calls nor a handler.</summary>
public sealed class CrashPointTests
{
    [Fact]
    public void Product_build_has_no_handler_of_crash_points() => Assert.Empty(typeof(CrashPoint).GetProperties());

    [Fact]
    public void Product_build_names_no_crash_point()
    {
        var named = Repository.Files("src/Streaming.Core", "*.cs").SelectMany(f => CrashPointNames.In(File.ReadAllText(f))).ToHashSet();
        Assert.Contains("A5-offsets-sent", named);
        Assert.Empty(named.Intersect(Texts(typeof(CrashPoint).Assembly.Location)));
    }

    /// <summary>Every text that the assembly's code loads.</summary>
    private static HashSet<string> Texts(string assembly)
    {
        using var stream = File.OpenRead(assembly);
        using var pe = new PEReader(stream);
        var metadata = pe.GetMetadataReader();
        var texts = new HashSet<string>();
        for (var handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle = metadata.GetNextHandle(handle)) texts.Add(metadata.GetUserString(handle));
        Assert.Contains("taking-over", texts);
        return texts;
    }
}
