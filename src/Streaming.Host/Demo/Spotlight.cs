using System.Text.Json;
using Streaming.Core.Events;
using Streaming.Host.Http;

namespace Streaming.Host.Demo;

/// <summary>Keeps one user's profile on show and moves on to another now and then.</summary>
/// <param name="engine">The engine.</param>
/// <param name="board">What is shown.</param>
/// <param name="time">The clock.</param>
internal sealed class Spotlight(IEngineView engine, DemoBoard board, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private const int TicksPerUser = 24;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        string? user = null;
        using var timer = new PeriodicTimer(Tick, time);
        for (var tick = 0; await timer.WaitForNextTickAsync(cancellation); tick++)
        {
            if (user is null || tick % TicksPerUser == 0) user = board.Read().Latest.Select(r => r.UserId).FirstOrDefault(id => id is not null) ?? user;
            if (user is null) continue;
            var found = await engine.FindUserAsync(UserKey.User(user), cancellation);
            if (found.Outcome == UserLookupOutcome.Found) board.Show(JsonSerializer.Deserialize(found.Json.Span, HostJson.Default.ProfileDocument)!);
        }
    }
}
