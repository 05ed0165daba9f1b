using System.Buffers.Binary;
using Streaming.Core.Errors;
using Streaming.Core.Fold;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>The shard's row R: shard-level state and positions. Magic, version, content, offset in <c>control</c> from which restore reads on, CRC-32C.</summary>
internal static class ShardRowCodec
{
    private const byte Magic = 0x52;
    private const byte First = 1, WithBucket = 2, WithBudget = 3, Version = WithBudget;
    /// <summary>Width of the buckets of every row of version 1, ms.</summary>
    public const long FirstBucketMs = 6 * 3_600_000;
    private const int MaxList = 1 << 24;

    /// <summary>Writes all but the control offset and the checksum, which are known only after the commit.</summary>
    public static void EncodeOpen(ShardMemory memory, RowWriter w)
    {
        var state = memory.State;
        w.Byte(Magic);
        // The lowest version that holds it: rows of the width that all of the first version had stay readable for programs that know no other.
        var version = state.BudgetSpent > 0 ? WithBudget : memory.BucketMs == FirstBucketMs ? First : WithBucket;
        w.Byte(version);
        w.Signed(state.Sequence);
        w.Signed(memory.Position.Events);
        w.Signed(memory.Position.Links);
        w.Signed(memory.Position.Control);
        w.Signed(state.StreamTimeMs);
        w.Byte((byte)state.ConsentDefault);
        w.Byte(state.Historical ? (byte)1 : (byte)0);
        w.Signed(state.OutputsFromMs);
        w.Unsigned((ulong)state.SettingsChain.Count);
        foreach (var settings in state.SettingsChain) w.Text(settings.Text);
        w.Unsigned((ulong)state.Tables.Count);
        foreach (var (sha256, isBase) in state.Tables)
        {
            w.Text(sha256);
            w.Byte(isBase ? (byte)1 : (byte)0);
        }

        w.Unsigned((ulong)state.Paused.Count);
        foreach (var topic in state.Paused) w.Text(topic);
        w.Unsigned((ulong)state.AppliedRequests.Count);
        foreach (var id in state.AppliedRequests) w.Text(id);
        if (version >= WithBucket) w.Signed(memory.BucketMs);
        if (version < WithBudget) return;
        w.Signed(state.BudgetDay);
        w.Signed(state.BudgetSpent);
    }

    /// <summary>Adds the control offset and the checksum.</summary>
    public static void Close(ReadOnlySpan<byte> open, long controlOffset, RowWriter into)
    {
        var start = into.Length;
        into.Raw(open);
        into.Fixed64((ulong)controlOffset);
        into.Fixed32(Crc32C.Of(into.Written[start..]));
    }

    /// <summary>Positions of a row.</summary>
    /// <exception cref="CorruptRowException">Not a shard row, damaged, or newer than this program.</exception>
    public static ShardRowContent Decode(ReadOnlySpan<byte> row)
    {
        if (row.Length < 14 || row[0] != Magic) throw new CorruptRowException("not a shard row");
        if (row[1] > Version) throw new CorruptRowException($"the shard row has version {row[1]}; this program reads up to {Version}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(row[^4..]) != Crc32C.Of(row[..^4])) throw new CorruptRowException("the shard row's checksum does not match");
        var r = new RowReader(row[2..^12]);
        var content = new ShardRowContent
        {
            Sequence = r.Signed(),
            Position = new ShardOffsets(r.Signed(), r.Signed(), r.Signed()),
            StreamTimeMs = r.Signed(),
            ConsentDefault = (ConsentFlags)r.Byte(),
            Historical = r.Byte() != 0,
            OutputsFromMs = r.Signed(),
            ControlOffset = BinaryPrimitives.ReadInt64LittleEndian(row[^12..]),
        };
        for (var n = r.Count(MaxList); n > 0; n--) content.Settings.Add(r.Text());
        for (var n = r.Count(MaxList); n > 0; n--) content.Tables.Add((r.Text(), r.Byte() != 0));
        for (var n = r.Count(MaxList); n > 0; n--) content.Paused.Add(r.Text());
        for (var n = r.Count(MaxList); n > 0; n--) content.AppliedRequests.Add(r.Text());
        if (row[1] >= WithBucket && (content.BucketMs = r.Signed()) <= 0) throw new CorruptRowException($"the shard row names buckets of {content.BucketMs} ms");
        if (row[1] >= WithBudget) (content.BudgetDay, content.BudgetSpent) = (r.Signed(), r.Int());
        if (content.BudgetSpent < 0) throw new CorruptRowException($"the shard row counts {content.BudgetSpent} alerts");
        return content;
    }
}
