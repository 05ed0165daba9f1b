using Streaming.Core.Decode;

namespace Streaming.Architecture.Tests;

/// <summary>Mistakes that the simulation plants (docs/fault-model.md) are in its own build alone.</summary>
public sealed class PlantedDefectTests
{
    [Fact]
    public void Product_holds_no_planted_defect()
    {
        var names = typeof(EventDecoder).Assembly.GetTypes().Select(t => t.FullName!).ToArray();
        Assert.NotEmpty(names);
        Assert.DoesNotContain(names, n => n.StartsWith("Streaming.Core.Defect", StringComparison.Ordinal));
    }

    [Fact]
    public void Places_that_plant_a_defect_are_compiled_for_the_simulation_alone()
    {
        var found = 0;
        foreach (var file in Repository.Files("src", "*.cs"))
        {
            var depth = 0;
            foreach (var line in File.ReadLines(file))
            {
                if (line.StartsWith("#if SIMULATION_DEFECTS", StringComparison.Ordinal)) depth++;
                else if (line.StartsWith("#else", StringComparison.Ordinal) || line.StartsWith("#endif", StringComparison.Ordinal)) depth = 0;
                if (!line.Contains("Defects.Has(", StringComparison.Ordinal)) continue;
                found++;
                Assert.True(depth > 0, $"{Repository.Name(file)}: {line.Trim()}");
            }
        }

        Assert.True(found >= 15, $"{found} places found");
    }
}
