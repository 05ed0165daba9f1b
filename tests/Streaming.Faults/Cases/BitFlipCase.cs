using System.Buffers.Binary;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// One bit of a record that was not read yet is turned over in the broker's file. The engine must not pass the damaged batch, neither with garbage nor by leaving it out: its shard
/// stands, and says why, until the disk gives the record back.
/// </summary>
internal sealed class BitFlipCase : FaultCase
{
    private const int Unread = 2000;

    /// <summary>Times.</summary>
    public required int Times { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        await run.Feeder.StartAsync(cancellation);
        for (var time = 1; time <= run.AtMost(Times) && run.Failures.Count == 0; time++)
        {
            using (var engine = run.Start())
            {
                if (!await engine.WaitForAsync(s => ShardStates.Running(run.Options.Partitions)(s) && ShardStates.Durable(s) > 0, 1, run.Options.Patience, cancellation)) run.Fail($"{time}: the engine did not start");
            }

            var fed = run.Feeder.Fed;
            while (run.Feeder.Fed < fed + Unread) await Task.Delay(200, cancellation);
            await run.Servers.KafkaDownAsync(kill: false, cancellation);
            var (file, at, baseOffset) = Turn(run);
            await run.Servers.KafkaUpAsync(cancellation);
            await StandsAsync(run, time, PartitionOf(file), baseOffset, cancellation);
            await run.Servers.KafkaDownAsync(kill: false, cancellation);
            TurnBack(file, at);
            await run.Servers.KafkaUpAsync(cancellation);
            run.Fault(string.Create(CultureInfo.InvariantCulture, $"{time}: a bit at {at} of {Path.GetFileName(Path.GetDirectoryName(file))} turned over; its shard stood before it"));
        }

        return await run.JudgeAsync(cancellation);
    }

    private static async Task StandsAsync(CaseRun run, int time, int partition, long baseOffset, CancellationToken cancellation)
    {
        using var engine = run.Start();
        var log = Path.Combine(run.Folder, "engine.log");
        var told = Told(log);
        if (!await engine.WaitForAsync(_ => Told(log) > told, 1, run.Options.Patience, cancellation))
        {
            run.Fail($"{time}: nothing was said of corrupt records");
            return;
        }

        if (await engine.StatusAsync(cancellation) is not { } before)
        {
            run.Fail($"{time}: the engine does not answer");
            return;
        }

        // Each of them: where one alone stood too, the sum would still rise.
        var had = ShardStates.CommittedOf(before);
        had.Remove(partition);
        if (!await engine.WaitForAsync(s => ShardStates.AllBeyondOf(s, had) && ShardStates.Committed(s) > ShardStates.Committed(before) + Unread, 1, run.Options.Patience, cancellation)) run.Fail($"{time}: not every other shard went on");
        else if (await engine.StatusAsync(cancellation) is { } after && ShardStates.Committed(after, partition) > baseOffset) run.Fail($"{time}: the damaged batch at {baseOffset} was passed: {ShardStates.Committed(after, partition)}");
    }

    private static int Told(string log) => File.ReadLines(log).Count(l => l.Contains("corrupt records", StringComparison.Ordinal));

    private static int PartitionOf(string file) => int.Parse(Path.GetFileName(Path.GetDirectoryName(file)!).Split('-')[^1], CultureInfo.InvariantCulture);

    // Near the end of the longest events partition: behind what the engine has read.
    private static (string File, long At, long BaseOffset) Turn(CaseRun run)
    {
        var file = Directory.GetDirectories(run.Servers.KafkaData, run.Feeder.EventsTopic + "-*").SelectMany(d => Directory.GetFiles(d, "*.log")).MaxBy(f => new FileInfo(f).Length)!;
        var at = new FileInfo(file).Length - 30; // inside the value of the last record of the last batch
        TurnBack(file, at);
        return (file, at, LastBaseOffset(file));
    }

    // A segment is one record batch behind another: base offset, length of the rest, the rest (Kafka's message format 2).
    private static long LastBaseOffset(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read);
        Span<byte> head = stackalloc byte[12];
        var last = -1L;
        while (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length)
        {
            last = BinaryPrimitives.ReadInt64BigEndian(head);
            stream.Seek(BinaryPrimitives.ReadInt32BigEndian(head[8..]), SeekOrigin.Current);
        }

        return last;
    }

    private static void TurnBack(string file, long at)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = at;
        var value = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(value ^ 0x10));
    }
}
