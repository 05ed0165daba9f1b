using System.CommandLine;
using Streaming.Host.Engine;
using Streaming.Host.Http;

namespace Streaming.Host.Cli;

/// <summary><c>run</c>: one node of the engine, until it is asked to end.</summary>
internal static class RunCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("run", "Runs a node of the engine against Kafka and a snapshot store. SIGTERM drains and exits 0; a second signal ends at once.",
            "streaming run --kafka localhost:9092 --store sqlite:./streaming-data --consent-default denied");
        var settings = RunCommandOptions.On(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var snapshot = settings.Load(parsed);
            if (snapshot.Errors.Count > 0) return CommandFailure.Print(parsed.InvocationConfiguration.Error, snapshot.Errors);
            using var loggers = Logging.ToStandardError(snapshot);
            return await RunAsync(new EngineHost(KafkaParts.Create(snapshot, loggers)), cancellation);
        }));
        return command;
    }

    private static async Task<int> RunAsync(EngineHost host, CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(ended.SetResult);
        try
        {
            await host.StartAsync(StatusPage.Map, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return await host.DrainAsync() ? ExitCode.Done : ExitCode.Failed;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        await Task.WhenAny(ended.Task, host.WhenEnded);
        var drained = await host.DrainAsync();
        // A node that ended by itself (downed, region lost) must be started again by its supervisor.
        return drained && cancellation.IsCancellationRequested ? ExitCode.Done : ExitCode.Failed;
    }
}
