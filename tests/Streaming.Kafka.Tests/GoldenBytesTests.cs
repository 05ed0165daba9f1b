using System.Text;
using Streaming.Core.Errors;
using Streaming.Kafka.Native;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Tests;

/// <summary>What version 1 left at a broker and in a store outside of records: the metadata of the group's offsets and the topology record. It is written to the byte as it was, and read as what it meant; the files are never made again.</summary>
public sealed unsafe class GoldenBytesTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    private static IEnumerable<(long Sequence, long Transaction, string Text)> Marks =>
        File.ReadAllLines(Path.Combine(Folder, "offset-metadata-v1.txt")).Select(l => l.Split('\t')).Select(l => (long.Parse(l[0]), long.Parse(l[1]), l[2]));

    [Fact]
    public void Metadata_of_the_group_s_offsets_is_written_as_version_1_wrote_it()
    {
        Assert.Equal(3, Marks.Count());
        foreach (var (sequence, transaction, text) in Marks)
        {
            using var list = new PartitionList(1);
            list.Add("events", 0, 5);
            list.Mark(0, sequence, transaction);
            ref var entry = ref list.Pointer->Elements[0];
            Assert.Equal(text, Encoding.UTF8.GetString(new ReadOnlySpan<byte>(entry.Metadata, (int)entry.MetadataSize)));
        }
    }

    [Fact]
    public void Metadata_of_version_1_is_read_as_its_batch_and_transaction()
    {
        foreach (var (sequence, transaction, text) in Marks) Assert.Equal((sequence, transaction), Read(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("/7")]
    [InlineData("7/")]
    [InlineData("7/8x")]
    [InlineData("7:8")]
    public void Metadata_that_is_not_the_engine_s_names_no_batch(string text) => Assert.Equal((-1, -1), Read(text));

    [Fact]
    public void Topology_record_of_version_1_is_written_and_read_to_the_byte()
    {
        var golden = File.ReadAllBytes(Path.Combine(Folder, "topology-v1.json"));
        var record = new TopologyRecord
        {
            Topics =
            [
                new("events", "shop.events", 4, "id-1"), new("links", "shop.links", 4, "id-2"), new("control", "shop.control", 4, "id-3"), new("sessions", "shop.sessions", 4, "id-4"),
                new("catalog", "catalogue of the shop", 1, "id-5"),
            ],
        }.Sealed();
        Assert.Equal(Encoding.UTF8.GetString(golden), Encoding.UTF8.GetString(record.ToBytes()));
        var read = TopologyCheck.Trusted(TopologyRecord.FromBytes(golden), "the golden file");
        Assert.Equal(record.Topics, read.Topics);
        Assert.Equal((1, "murmur2", record.Hash), (read.Version, read.Partitioner, read.Hash));
        Assert.Equal("topology", KafkaTopics.BlobName); // where the store keeps it: under another name it would be taken for none, and the state for a new one's
    }

    /// <summary>The field by which an older engine knows that a newer one was here.</summary>
    [Fact]
    public void Topology_record_of_a_later_version_is_refused_by_its_version()
    {
        var later = File.ReadAllText(Path.Combine(Folder, "topology-v1.json")).Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal);
        var error = Assert.Throws<TopologyMismatchException>(() => TopologyCheck.Trusted(TopologyRecord.FromBytes(Encoding.UTF8.GetBytes(later)), "the golden file"));
        Assert.Contains("has version 2", error.Message, StringComparison.Ordinal);
    }

    private static (long Sequence, long Transaction) Read(string text)
    {
        using var list = new PartitionList(1);
        list.Add("events", 0, 5);
        var bytes = Encoding.UTF8.GetBytes(text);
        ref var entry = ref list.Pointer->Elements[0];
        entry.Metadata = Rd.MemMalloc(0, (nuint)Math.Max(1, bytes.Length)); // freed with the list
        entry.MetadataSize = (nuint)bytes.Length;
        bytes.CopyTo(new Span<byte>(entry.Metadata, bytes.Length));
        return list.MarkAt(0);
    }
}
