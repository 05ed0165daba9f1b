using Streaming.Faults.Resources;

namespace Streaming.Integration.Tests.Faults;

/// <summary>What counts as a limit met in the log of an engine.</summary>
public sealed class LimitSignsTests
{
    [Fact]
    public void Refusal_is_counted_and_named()
    {
        var signs = new LimitSigns(ResourceLimit.OpenFiles);
        signs.Hear("Failed to create socket: Too many open files");
        signs.Hear("accept: EMFILE");
        Assert.Equal(2, signs.Refusals);
        Assert.Equal("Failed to create socket: Too many open files", signs.Named);
    }

    // The runtime's last words name no files.
    [Fact]
    public void Out_of_memory_names_the_limit_and_is_no_refusal()
    {
        var signs = new LimitSigns(ResourceLimit.Threads);
        signs.Hear("Out of memory.");
        Assert.Equal((0, "Out of memory."), (signs.Refusals, signs.Named));
    }

    [Fact]
    public void Another_error_and_one_of_before_name_nothing()
    {
        var signs = new LimitSigns(ResourceLimit.OpenFiles);
        signs.Hear("Too many open files");
        signs.Reset();
        signs.Hear("Connection refused");
        Assert.Equal((0, null), (signs.Refusals, signs.Named));
    }
}
