using System.Buffers.Binary;
using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// One bit of a record that was not read yet is turned over in the broker's file. The engine must not pass the damaged batch, neither with garbage nor by leaving it out: its shard
/// stands, and says why, until the disk gives the record back.
/// </summary>
/// <remarks>
/// A batch of records, not a marker of a transaction: a marker that is damaged ends the process by an assertion of the Kafka client, which goes on reading 21 bytes before the end of a batch whose checksum is wrong
/// (librdkafka's <c>rd_kafka_msgset_reader_v2</c> says so itself, and says how to mend it) and takes what stands there for a message of an older kind. The runbook tells what to do then.
/// </remarks>
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
        var (baseOffset, end) = LastRecords(file);
        var at = end - 30; // inside the value of the last record
        TurnBack(file, at);
        return (file, at, baseOffset);
    }

    // A segment is one record batch behind another: base offset, length of the rest, leader epoch, magic, checksum, attributes, the rest (Kafka's message format 2). The sixth bit of the attributes tells a marker.
    private static (long BaseOffset, long End) LastRecords(string file)
    {
        const int lengthAt = 8, restAt = 12, attributesAt = 21, marker = 1 << 5;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read);
        Span<byte> head = stackalloc byte[attributesAt + sizeof(short)];
        var (last, end) = (-1L, 0L);
        for (var at = 0L; stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length; stream.Position = at)
        {
            at += restAt + BinaryPrimitives.ReadInt32BigEndian(head[lengthAt..]);
            if ((BinaryPrimitives.ReadInt16BigEndian(head[attributesAt..]) & marker) == 0) (last, end) = (BinaryPrimitives.ReadInt64BigEndian(head), at);
        }

        return last >= 0 ? (last, end) : throw new InvalidOperationException($"{file} holds no record");
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
