using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;
using Streaming.Faults.Servers;

namespace Streaming.Faults.Cases;

/// <summary>The broker's disk is filled to the last byte under load. The engine notices and lives on; once there is room and the broker was started again it goes on by itself.</summary>
internal sealed class FullDiskCase : FaultCase
{
    private const int DiskMiB = 192;

    /// <summary>Times. What memory grows by in the second half of them is judged.</summary>
    public required int Times { get; init; }

    /// <summary>Most that the engine's managed heap may take, MiB: it ends where it needs more. Without a limit the runtime lets garbage lie, and resident memory says little of what is held.</summary>
    public required int ManagedMiB { get; init; }

    /// <inheritdoc/>
    public override async Task<KafkaBrokers> StartBrokersAsync(ServerScripts servers, CancellationToken cancellation)
    {
        servers.SmallDisk.Mount(DiskMiB);
        await servers.SmallBroker.UpAsync(cancellation);
        return servers.SmallBroker;
    }

    /// <inheritdoc/>
    public override async Task StopBrokersAsync(ServerScripts servers, CancellationToken cancellation)
    {
        await servers.SmallBroker.DownAsync(kill: true, cancellation);
        servers.SmallDisk.Unmount();
    }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        run.More.AddRange(MemoryWatch.Settings);
        await run.Feeder.StartAsync(cancellation);
        using (var engine = run.Start(environment: MemoryWatch.Limit(ManagedMiB)))
        {
            await using var memory = MemoryWatch.Start(engine);
            if (!await engine.WaitForAsync(ShardStates.Running(run.Options.Partitions), 1, run.Options.Patience, cancellation)) run.Fail("the engine did not start");
            else await memory.SettleAsync(cancellation);
            for (var time = 1; time <= run.AtMost(Times) && run.Failures.Count == 0; time++)
            {
                await FillAsync(run, engine, time, cancellation);
                if (time == Times / 2) memory.TakeForBefore(); // as BrokerCase
            }

            run.Figures["absences before the memory that growth is held against"] = Times / 2;
            memory.Judge(run);
        }

        return await run.JudgeAsync(cancellation);
    }

    private static async Task FillAsync(CaseRun run, EngineProcess engine, int time, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(1000, 3000)), cancellation);
        var disk = run.Servers.SmallDisk;
        var free = disk.FreeBytes;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        disk.Fill();
        // A broker that cannot write shuts its log folder, and, with no other, itself.
        if (!await NotReadyAsync(run, engine, cancellation))
        {
            run.Fail($"{time}: nothing came of a full disk{(engine.HasExited ? $"; the engine ended with {engine.ExitCode}" : "")}");
            return;
        }

        var noticed = clock.Elapsed.TotalSeconds;
        await Task.Delay(TimeSpan.FromSeconds(20), cancellation);
        if (engine.HasExited)
        {
            run.Fail($"{time}: the engine ended with {engine.ExitCode}");
            return;
        }

        // What its operator would do: make room, start it again.
        await run.Brokers.DownAsync(kill: true, cancellation);
        disk.Free();
        var before = await ShardProgress.PositionsAsync(engine, cancellation);
        var back = System.Diagnostics.Stopwatch.StartNew();
        await run.Brokers.UpAsync(cancellation);
        if (await ShardProgress.StuckAsync(run, engine, before, cancellation) is { } stuck)
        {
            run.Fail($"{time}: {stuck}");
            return;
        }

        run.Figures[$"{time}: room taken, MiB"] = Math.Round(free / 1048576.0, 1);
        run.Figures[$"{time}: not ready after the disk was full, s"] = Math.Round(noticed, 1);
        run.Figures[$"{time}: every shard had committed again after the broker's start began, s"] = Math.Round(back.Elapsed.TotalSeconds, 1);
        run.Fault(string.Create(CultureInfo.InvariantCulture, $"{time}: the disk was full, not ready {noticed:0.0} s later; room made, broker started, every shard had committed again {back.Elapsed.TotalSeconds:0.0} s after that began"));
    }

    private static async Task<bool> NotReadyAsync(CaseRun run, EngineProcess engine, CancellationToken cancellation)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); clock.Elapsed < run.Options.Patience && !engine.HasExited; await Task.Delay(200, cancellation))
            if (await engine.ReadyAsync(cancellation) is { IsReady: false }) return true;
        return false;
    }
}
