using System.Diagnostics;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Kafka.Native;

namespace Streaming.Kafka;

/// <summary>
/// The group's committed offsets, asked by the admin request. A consumer's own call goes through its idle group membership, which after a broker that stood still for a minute never
/// finds its coordinator again; this one looks for the coordinator each time. Calls block.
/// </summary>
internal static unsafe class GroupOffsets
{
    private const int AnyOperation = 0, StableRetryMs = 50;

    /// <summary>The offsets once no commit of them is pending.</summary>
    /// <exception cref="BrokerUnavailableException">No answer, or still a pending commit, within the time limit.</exception>
    public static ShardOffsets ReadStable(nint client, KafkaOptions options, int partition)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = options.RequestTimeoutMs - (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (left <= 0) throw new BrokerUnavailableException($"committed offsets of partition {partition}: a commit stayed pending for {options.RequestTimeoutMs} ms");
            if (Read(client, options, partition, isStable: true, left) is { } offsets) return offsets;
            Thread.Sleep(StableRetryMs);
        }
    }

    /// <summary>The offsets as they stand, whatever is pending.</summary>
    /// <exception cref="BrokerUnavailableException">No answer within the time limit.</exception>
    public static ShardOffsets ReadNow(nint client, KafkaOptions options, int partition) =>
        Read(client, options, partition, isStable: false, options.RequestTimeoutMs) ?? throw new BrokerUnavailableException($"committed offsets of partition {partition}: unstable");

    // Null while a commit of one of them is pending.
    private static ShardOffsets? Read(nint client, KafkaOptions options, int partition, bool isStable, int timeoutMs)
    {
        var topics = options.Topics;
        using var list = new PartitionList(3);
        foreach (var topic in (ReadOnlySpan<string>)[topics.Events, topics.Links, topics.Control]) list.Add(topic, partition, -1);
        var request = Rd.GroupOffsetsRequestNew(options.GroupId, list.Pointer);
        var settings = Rd.AdminOptionsNew(client, AnyOperation);
        var queue = Rd.QueueNew(client);
        nint answer = 0;
        try
        {
            var error = stackalloc byte[Rd.ErrorTextBytes];
            if (Rd.AdminOptionsSetTimeout(settings, timeoutMs, error, Rd.ErrorTextBytes) != RdError.None) throw new InvalidOperationException(Utf8.ToString(error));
            if (isStable && RdFailure.Take(Rd.AdminOptionsSetStable(settings, 1)) is { } failure) throw new InvalidOperationException(failure.ToString());
            Rd.ListGroupOffsets(client, &request, 1, settings, queue);
            // The request ends by its own time limit; one second more is for the answer's way here.
            answer = Rd.QueuePoll(queue, timeoutMs + 1_000);
            if (answer == 0) throw ErrorMapper.OfRequest(What(partition), RdError.TimedOut);
            return Offsets(answer, topics, partition);
        }
        finally
        {
            if (answer != 0) Rd.EventDestroy(answer);
            Rd.QueueDestroy(queue);
            Rd.AdminOptionsDestroy(settings);
            Rd.GroupOffsetsRequestDestroy(request);
        }
    }

    private static ShardOffsets? Offsets(nint answer, Contracts.TopicNames topics, int partition)
    {
        if (Rd.EventError(answer) is var code and not RdError.None) throw ErrorMapper.OfRequest(What(partition), code);
        nuint count;
        var groups = Rd.GroupOffsetsGroups(Rd.EventGroupOffsets(answer), &count);
        if (count != 1) throw new BrokerUnavailableException($"{What(partition)}: {count} groups in the answer");
        if (Rd.GroupError(groups[0]) is var error and not 0)
        {
            return Rd.ErrorCode(error) == RdError.UnstableOffsetCommit ? null : throw ErrorMapper.OfRequest(What(partition), Rd.ErrorCode(error));
        }

        var entries = new ReadOnlySpan<RdTopicPartition>(Rd.GroupPartitions(groups[0])->Elements, Rd.GroupPartitions(groups[0])->Count);
        foreach (ref readonly var entry in entries)
        {
            if (entry.Err == RdError.UnstableOffsetCommit) return null;
            if (entry.Err != RdError.None) throw ErrorMapper.OfRequest($"{What(partition)}: {Utf8.ToString(entry.Topic)}", entry.Err);
        }

        return new ShardOffsets(OffsetOf(entries, topics.Events, partition), OffsetOf(entries, topics.Links, partition), OffsetOf(entries, topics.Control, partition));
    }

    private static long OffsetOf(ReadOnlySpan<RdTopicPartition> entries, string topic, int partition)
    {
        foreach (ref readonly var entry in entries)
        {
            if (entry.Partition == partition && Utf8.ToString(entry.Topic) == topic) return entry.Offset < 0 ? -1 : entry.Offset;
        }

        throw new BrokerUnavailableException($"{What(partition)}: the answer has none for {topic}");
    }

    private static string What(int partition) => $"committed offsets of partition {partition}";
}
