using Streaming.Faults.Results;

namespace Streaming.Integration.Tests.Faults;

public sealed class ProductTextTests
{
    [Theory]
    [InlineData("a\nb", "a\nb")]
    [InlineData("a\n#if SIMULATION_DEFECTS\nplanted\n#endif\nb", "a\nb")]
    [InlineData("a\n#if SIMULATION_DEFECTS\nplanted\n#else\nproduct\n#endif\nb", "a\nproduct\nb")]
    [InlineData("#if SIMULATION_DEFECTS\n#if X\nplanted\n#endif\nplanted\n#endif\nb", "b")]
    [InlineData("#if SIMULATION_DEFECTS\nplanted\n#else\n#if X\nproduct\n#endif\n#endif\nb", "#if X\nproduct\n#endif\nb")]
    [InlineData("#if CRASH_POINTS\nproduct\n#endif\nb", "#if CRASH_POINTS\nproduct\n#endif\nb")]
    [InlineData("#if SIMULATION_DEFECTS\nplanted\n#endif\n\n", "")]
    public void Planted_mistakes_are_left_out(string source, string product) => Assert.Equal(product, ProductText.Of(source));

    [Fact]
    public void Directive_without_an_end_is_refused() => Assert.Throws<InvalidDataException>(() => ProductText.Of("#if SIMULATION_DEFECTS\nplanted"));
}
