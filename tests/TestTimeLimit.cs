using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

[assembly: Streaming.Tests.TestTimeLimit]

namespace Streaming.Tests;

/// <summary>A test that takes too long is named and its token cancelled, so that one that waits for what never comes fails instead of keeping the whole run.</summary>
/// <remarks>In every test project. What ignores its token is ended by the test command's own limit for hangs (<c>.ci/run</c>).</remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class TestTimeLimitAttribute : Attribute, IBeforeAfterTestAttribute
{
    /// <summary>Several times what the longest test takes on a busy machine of two cores.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    private static readonly ConcurrentDictionary<string, Timer> Running = new(StringComparer.Ordinal);

    /// <summary>Starts the limit of one test.</summary>
    public void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var context = TestContext.Current;
        Running[test.UniqueID] = new Timer(_ =>
        {
            Console.Error.WriteLine($"{test.TestDisplayName} has not ended within {Limit.TotalMinutes} min: it is cancelled");
            context.CancelCurrentTest();
        }, null, Limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends it.</summary>
    public void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Running.TryRemove(test.UniqueID, out var timer)) timer.Dispose();
    }
}
