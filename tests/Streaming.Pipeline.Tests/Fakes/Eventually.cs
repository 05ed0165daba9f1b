namespace Streaming.Pipeline.Tests.Fakes;

/// <summary>Waits for what another thread brings about; the limit only ends a test that would hang.</summary>
internal static class Eventually
{
    public static async Task HoldsAsync(Func<bool> condition, string what, int limitSeconds = 60, Action? meanwhile = null)
    {
        var end = Environment.TickCount64 + (limitSeconds * 1000L);
        while (!condition())
        {
            if (Environment.TickCount64 > end) Assert.Fail($"did not come about: {what}");
            meanwhile?.Invoke();
            await Task.Delay(5);
        }
    }

    /// <summary>Gives other threads a fair chance to do what they must not.</summary>
    public static Task SettleAsync() => Task.Delay(100);
}
